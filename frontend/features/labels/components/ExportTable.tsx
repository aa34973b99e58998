import { Button, VisuallyHidden } from "@mantine/core";
import { Bar } from "@/components/Bar";
import { StateBadge } from "@/components/StateBadge";
import { dateAndTime } from "@/lib/format";
import { isUnderWay, type LabelExport } from "../api/getLabelExports";
import { formatWords } from "../words";
import classes from "./labels.module.css";

/** The exports of a scene: how far they are, and where they are downloaded. */
export function ExportTable({ exports, timeZone }: { exports: readonly LabelExport[]; timeZone: string }) {
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th>Of</th>
          <th>Format</th>
          <th className={classes.progress}>State</th>
          <th className={classes.number}>Size</th>
          <th>Asked for</th>
          <th>
            <VisuallyHidden>Download</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody>
        {exports.map((each) => (
          <tr key={each.id} data-export={each.format}>
            <td>{each.label_set !== null ? `label set ${each.label_set}` : `run ${each.run}`}</td>
            <td>{formatWords(each.format)}</td>
            <td>
              <Progress each={each} />
            </td>
            <td className={classes.number}>{each.size !== null && `${(each.size / 1e6).toFixed(2)} MB`}</td>
            <td>
              {dateAndTime(each.created_at, timeZone)}
              <p className={classes.quiet}>{each.created_by}</p>
            </td>
            <td>
              {each.url && (
                <Button
                  component="a"
                  href={each.url}
                  download
                  size="compact-xs"
                  variant="default"
                  title={`SHA-256 ${each.sha256}`}
                >
                  Download
                </Button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Progress({ each }: { each: LabelExport }) {
  if (each.url) return <StateBadge state="succeeded" />;
  return (
    <>
      {each.job_state && <StateBadge state={each.job_state} />}
      {isUnderWay(each) && each.total != null && (
        <Bar
          fraction={each.done / Math.max(each.total ?? 1, 1)}
          label={`Progress of ${formatWords(each.format)}`}
        />
      )}
      {each.problem && <p className={classes.problem}>{each.problem}</p>}
    </>
  );
}
