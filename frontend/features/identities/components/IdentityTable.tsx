import { Skeleton } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { EmptyState } from "@/components/EmptyState";
import { ProblemState } from "@/components/ProblemState";
import { type IdentityFilter, useIdentities } from "../api/getIdentities";
import { useRowActions } from "../hooks/useRowActions";
import type { CameraName } from "../rows";
import { IdentityRow } from "./IdentityRow";
import classes from "./IdentityTable.module.css";

/** Rows grow with the screen: what people compare is the pictures. */
const ROW_PX = 112;
const WIDE_ROW_PX = 148;

interface Props {
  runId: number;
  cameras: readonly CameraName[];
  filter: IdentityFilter;
  readTime: (seconds: number) => string;
  /** Where a click on an identity leads. */
  linkTo: (identity: number) => string;
  onOpen: (identity: number) => void;
  selected: number | null;
}

function columns(cameras: readonly CameraName[]): React.CSSProperties {
  return { gridTemplateColumns: `150px repeat(${cameras.length}, minmax(186px, 1fr))` };
}

/** Identities as rows of pictures, one column a camera. Only the rows in view exist; further pages load on the way. */
export function IdentityTable({ runId, cameras, filter, readTime, linkTo, onOpen, selected }: Props) {
  const identities = useIdentities(runId, filter);
  const list = useRef<HTMLDivElement>(null);
  const known = identities.data?.pages.flatMap((page) => page.results);
  const rows = known ?? [];
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = identities;
  const rowHeight = useMediaQuery("(min-width: 1600px)", false, { getInitialValueInEffect: false })
    ? WIDE_ROW_PX
    : ROW_PX;
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowHeight,
    overscan: 6,
    scrollMargin: list.current?.offsetTop ?? 0,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height makes every measure stale
  useEffect(() => virtual.measure(), [virtual, rowHeight]);
  useRowActions(
    { numbers: known?.map(({ number }) => number), isMoreComing: hasNextPage && !isFetchNextPageError },
    selected,
    (number, row) => {
      onOpen(number);
      virtual.scrollToIndex(row);
    },
  );
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;

  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && lastShown >= rows.length - 10) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, lastShown, rows.length]);

  if (identities.isPending) return <Waiting />;
  if (identities.isError && !identities.data) {
    return <ProblemState error={identities.error} onRetry={() => void identities.refetch()} />;
  }
  if (rows.length === 0) {
    return (
      <EmptyState title="No identity fits">
        This run has no identity in at least {filter.minCameras} cameras. Ask for fewer cameras, or look at
        another run.
      </EmptyState>
    );
  }
  return (
    <div className={classes.scroll}>
      <div
        role="table"
        aria-label="Identities"
        aria-rowcount={hasNextPage ? -1 : rows.length + 1}
        className={classes.table}
      >
        <div role="row" className={classes.head} style={columns(cameras)} aria-rowindex={1}>
          <span role="columnheader">identity</span>
          {cameras.map((camera) => (
            <span role="columnheader" key={camera.id}>
              {camera.name}
            </span>
          ))}
        </div>
        <div ref={list} role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {items.map((item) => {
            const identity = rows[item.index];
            if (!identity) return null;
            const top = item.start - virtual.options.scrollMargin;
            return (
              <IdentityRow
                key={identity.id}
                identity={identity}
                cameras={cameras}
                readTime={readTime}
                to={linkTo(identity.number)}
                isSelected={identity.number === selected}
                rowIndex={item.index + 2}
                style={{ ...columns(cameras), height: rowHeight, transform: `translateY(${top}px)` }}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Waiting() {
  return (
    <div className={classes.waiting} role="status" aria-label="Loading">
      {["a", "b", "c", "d", "e", "f"].map((key) => (
        <Skeleton key={key} height={ROW_PX - 8} />
      ))}
    </div>
  );
}
