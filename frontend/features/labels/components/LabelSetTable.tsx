import { Button, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { counted, dateAndTime, percent } from "@/lib/format";
import { vehicleWord } from "@/lib/vehicle";
import type { LabelSet } from "../api/getLabelSets";
import { changeWords } from "../words";
import { ExportMenu } from "./ExportMenu";
import classes from "./labels.module.css";

interface Props {
  sceneId: number;
  sets: readonly LabelSet[];
  timeZone: string;
  mayExport: boolean;
  onMore: (() => void) | null;
}

/** The label sets of a scene: what is in each, and what has changed since the one before. */
export function LabelSetTable({ sceneId, sets, timeZone, mayExport, onMore }: Props) {
  return (
    <section className={classes.section} aria-label="Label sets">
      <table className={classes.table}>
        <thead>
          <tr>
            <th>Set</th>
            <th className={classes.number}>Vehicles</th>
            <th className={classes.number}>Kept back</th>
            <th className={classes.number}>Tracklets</th>
            <th>By people or machine</th>
            <th className={classes.number}>Boxes</th>
            <th>Since the set before</th>
            <th>Made</th>
            <th>
              <VisuallyHidden>Train or export</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody>
          {sets.map((set) => (
            <Row key={set.id} set={set} timeZone={timeZone}>
              {mayExport && (
                <>
                  <Button
                    component={Link}
                    to={`/scenes/${sceneId}/training?set=${set.id}`}
                    size="compact-xs"
                    variant="default"
                    aria-label={`Train on set ${set.number}`}
                  >
                    Train on it
                  </Button>{" "}
                  <ExportMenu sceneId={sceneId} what={{ label_set: set.id }} />
                </>
              )}
            </Row>
          ))}
        </tbody>
      </table>
      {onMore && (
        <Button variant="subtle" onClick={onMore}>
          Show older ones
        </Button>
      )}
    </section>
  );
}

function Row({ set, timeZone, children }: { set: LabelSet; timeZone: string; children: ReactNode }) {
  const { statistics } = set;
  return (
    <tr data-set={set.number}>
      <td>
        <strong>{set.number}</strong> {set.name}
        <p className={classes.quiet}>
          run {set.run_number}
          {set.last_operation > 0 && `, edits up to ${set.last_operation}`}
          {set.machine_from !== null && `, machine from ${percent(set.machine_from, 0)}`}
        </p>
      </td>
      <td className={classes.number}>
        {statistics.identities}
        <p className={classes.quiet}>{statistics.shared_identities} in several cameras</p>
      </td>
      <td className={classes.number}>{statistics.held_identities}</td>
      <td className={classes.number} title={typeWords(statistics.categories)}>
        {statistics.tracklets}
        <p className={classes.quiet}>{counted(statistics.cameras.length, "camera")}</p>
      </td>
      <td>
        <Split statistics={statistics} />
      </td>
      <td className={classes.number}>{statistics.boxes.toLocaleString("en")}</td>
      <td title={numberWords(set.changes)}>{changeWords(set.changes)}</td>
      <td>
        {dateAndTime(set.created_at, timeZone)}
        <p className={classes.quiet}>{set.created_by}</p>
      </td>
      <td>{children}</td>
    </tr>
  );
}

/** How much of it people confirmed: filled for people, striped for the machine. */
function Split({ statistics }: { statistics: LabelSet["statistics"] }) {
  const { human_tracklets, machine_tracklets, tracklets } = statistics;
  const words = `${human_tracklets} by people, ${machine_tracklets} by the machine`;
  return (
    <>
      <div className={classes.split} aria-hidden="true">
        <div className={classes.people} style={{ width: `${(human_tracklets / tracklets) * 100}%` }} />
        <div className={classes.machine} style={{ width: `${(machine_tracklets / tracklets) * 100}%` }} />
      </div>
      <p className={classes.quiet}>{words}</p>
    </>
  );
}

function typeWords(categories: Record<string, number>): string {
  return Object.entries(categories)
    .map(([category, count]) => `${count} ${vehicleWord(Number(category))}`)
    .join(", ");
}

function numberWords(changes: LabelSet["changes"]): string {
  return [
    ["new", changes.added],
    ["gone", changes.removed],
    ["changed", changes.changed],
  ]
    .filter(([, numbers]) => (numbers as number[]).length)
    .map(
      ([word, numbers]) =>
        `${word}: ${(numbers as number[])
          .slice(0, 40)
          .map((each) => `#${each}`)
          .join(" ")}`,
    )
    .join("; ");
}
