import { Button, VisuallyHidden } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Link } from "react-router";
import { sentenceOf } from "@/lib/api/problem";
import { dateAndTime } from "@/lib/format";
import { useApplyLabelImport } from "../api/applyLabelImport";
import type { LabelImport } from "../api/getLabelImports";
import { IMPORTED, reportWords } from "../words";
import classes from "./labels.module.css";

const STATES: Record<LabelImport["state"], string> = {
  working: "◐ under way",
  checked: "○ checked, not imported",
  imported: "● imported",
  refused: "▲ refused",
};

interface Props {
  sceneId: number;
  imports: readonly LabelImport[];
  timeZone: string;
  mayImport: boolean;
}

/** Files of labels that came in: what each would make, and the button that makes it. */
export function ImportTable({ sceneId, imports, timeZone, mayImport }: Props) {
  const apply = useApplyLabelImport(sceneId);

  function start(importId: number): void {
    apply.mutate(importId, {
      onError: (error) => notifications.show({ color: "red", message: sentenceOf(error) }),
    });
  }

  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th>File</th>
          <th>State</th>
          <th>What it makes</th>
          <th>Brought</th>
          <th>
            <VisuallyHidden>Import</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody>
        {imports.map((each) => (
          <tr key={each.id} data-import={each.state}>
            <td>
              {each.file_name}
              <p className={classes.quiet}>{IMPORTED.find(({ value }) => value === each.format)?.label}</p>
            </td>
            <td>{STATES[each.state]}</td>
            <td>
              <Report each={each} sceneId={sceneId} />
            </td>
            <td>
              {dateAndTime(each.created_at, timeZone)}
              <p className={classes.quiet}>{each.created_by}</p>
            </td>
            <td>
              {each.state === "checked" && mayImport && (
                <Button size="compact-xs" onClick={() => start(each.id)} loading={apply.isPending}>
                  Import
                </Button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Report({ each, sceneId }: { each: LabelImport; sceneId: number }) {
  return (
    <>
      {each.report && reportWords(each.report)}
      {each.report && Object.keys(each.report.dropped).length > 0 && (
        <ul className={classes.dropped} aria-label="Left out">
          {Object.entries(each.report.dropped).map(([what, count]) => (
            <li key={what}>
              left out: {what} ({count.toLocaleString("en")})
            </li>
          ))}
        </ul>
      )}
      {each.problem && <p className={classes.problem}>{each.problem}</p>}
      {each.operation !== null && (
        <p className={classes.quiet}>
          Operation {each.operation}; <Link to={`/scenes/${sceneId}/history`}>the history</Link> takes it back
          as one.
        </p>
      )}
    </>
  );
}
