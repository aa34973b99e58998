import { Skeleton } from "@mantine/core";
import { Crop } from "@/components/Crop";
import { IdentityChip } from "@/components/IdentityChip";
import { counted } from "@/lib/format";
import type { Identity } from "../api/getIdentities";
import { bestCrops } from "../rows";
import classes from "./IdentityList.module.css";

interface Props {
  identities: readonly Identity[] | undefined;
  readTime: (seconds: number) => string;
  onSelect: (identity: number) => void;
}

/** Identities as a short list beside the videos; choosing one shows it on all of them. */
export function IdentityList({ identities, readTime, onSelect }: Props) {
  if (!identities) return <Skeleton height={360} />;
  if (identities.length === 0) {
    return <p className={classes.none}>This run has none.</p>;
  }
  return (
    <ul className={classes.list}>
      {identities.map((identity) => (
        <li key={identity.id}>
          <button type="button" className={classes.row} onClick={() => onSelect(identity.number)}>
            <span className={classes.who}>
              <IdentityChip number={identity.number} />
              <span className={classes.facts}>{counted(identity.camera_count, "camera")}</span>
              <span className={classes.facts}>{readTime(identity.start_s)}</span>
            </span>
            {bestCrops(identity.tracklets, 2).map((url) => (
              <Crop key={url} url={url} size="small" label="" />
            ))}
          </button>
        </li>
      ))}
    </ul>
  );
}
