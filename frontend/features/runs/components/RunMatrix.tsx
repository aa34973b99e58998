import { Tooltip } from "@mantine/core";
import { Link } from "react-router";
import { Bar } from "@/components/Bar";
import { workTone } from "@/lib/workTone";
import type { Run } from "../api/getRun";
import { fractionDone, type StageProgress, stageMatrix } from "../stages";
import classes from "./RunMatrix.module.css";

/** How far every stage of every camera is. */
export function RunMatrix({ run }: { run: Run }) {
  const { perCamera, rows, overall } = stageMatrix(run.progress.stages);
  return (
    <table className={classes.matrix} aria-label="Progress by camera and stage">
      <thead>
        <tr>
          <th scope="col">camera</th>
          {[...perCamera, ...overall].map(({ title }) => (
            <th scope="col" key={title}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={row.camera}>
            <th scope="row">{row.name}</th>
            {row.cells.map((cell, at) => (
              <td key={perCamera[at]?.stage}>
                {cell && <Cell cell={cell} where={row.name} runId={run.id} />}
              </td>
            ))}
            {index === 0 &&
              overall.map(({ cell }) => (
                <td key={cell.stage} rowSpan={rows.length} className={classes.overall}>
                  <Cell cell={cell} where="all cameras" runId={run.id} />
                </td>
              ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell({ cell, where, runId }: { cell: StageProgress; where: string; runId: number }) {
  const counted =
    cell.total === null
      ? ""
      : `${cell.done.toLocaleString("en")} / ${cell.total.toLocaleString("en")} ${cell.unit}`;
  return (
    <Tooltip label={cell.problem || `${where}, ${cell.stage}: ${cell.state}`} multiline maw={360}>
      <Link
        className={classes.cell}
        to={`/jobs?run=${runId}`}
        data-state={cell.state}
        data-stage={cell.stage}
      >
        <Bar fraction={fractionDone(cell)} label={`${where}, ${cell.stage}`} tone={workTone(cell.state)} />
        <span className={classes.count}>{counted && cell.state !== "queued" ? counted : cell.state}</span>
      </Link>
    </Tooltip>
  );
}
