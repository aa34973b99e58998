import { Button } from "@mantine/core";
import { Link } from "react-router";
import { dateAndTime, shortMoment } from "@/lib/format";
import { type ModelKind, versionName } from "@/lib/modelKinds";
import { type Promotion, usePromotions } from "../api/getPromotions";
import classes from "./training.module.css";

interface Props {
  sceneId: number;
  kind: ModelKind;
}

/** Which model the scene went by from when on, who made it so, and the run that came of it. */
export function PromotionList({ sceneId, kind }: Props) {
  const promotions = usePromotions(sceneId, kind);
  const rows = promotions.data?.pages.flatMap(({ results }) => results) ?? [];
  if (rows.length === 0) return null;
  return (
    <section aria-label="Promotions">
      <h3 className={classes.heading}>What the scene went by</h3>
      <ol className={classes.promotions}>
        {rows.map((row) => (
          <Row key={row.id} sceneId={sceneId} row={row} />
        ))}
      </ol>
      {promotions.hasNextPage && (
        <Button
          variant="default"
          size="compact-xs"
          loading={promotions.isFetchingNextPage}
          onClick={() => void promotions.fetchNextPage()}
        >
          Older ones
        </Button>
      )}
    </section>
  );
}

function Row({ sceneId, row }: { sceneId: number; row: Promotion }) {
  const name = versionName(row.kind, row.version);
  return (
    <li>
      <time dateTime={row.created_at} title={dateAndTime(row.created_at)}>
        {shortMoment(row.created_at, new Date())}
      </time>{" "}
      {row.is_rollback ? `back to ${name.toLowerCase()}` : `${name} promoted`}
      {row.created_by && ` by ${row.created_by}`}
      {row.run !== null && (
        <>
          : <Link to={`/scenes/${sceneId}/runs/${row.run}`}>run {row.run_number}</Link>
        </>
      )}
    </li>
  );
}
