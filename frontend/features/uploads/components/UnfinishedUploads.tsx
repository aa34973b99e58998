import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Bar } from "@/components/Bar";
import table from "@/components/table.module.css";
import { sentenceOf } from "@/lib/api/problem";
import { dateAndTime } from "@/lib/format";
import { useDiscardUpload } from "../api/discardUpload";
import type { Upload } from "../types";
import { uploadWords } from "../words";
import classes from "./uploads.module.css";

/** Uploads that no file of this tab belongs to: begun elsewhere, or before the browser was closed; and what failed. */
export function UnfinishedUploads({ sceneId, uploads }: { sceneId: number; uploads: readonly Upload[] }) {
  const discard = useDiscardUpload(sceneId);
  const say = (error: unknown): string =>
    notifications.show({ color: "red", title: "Not done", message: sentenceOf(error) });
  return (
    <section className={table.frame} aria-label="Unfinished uploads">
      <h2 className={classes.heading}>Unfinished uploads</h2>
      <table className={`${table.table} ${classes.table}`}>
        <tbody>
          {uploads.map((upload) => (
            <tr key={upload.id} data-upload={upload.id}>
              <td className={classes.name}>{upload.file_name}</td>
              <td>{upload.camera_name || "a scene's folder"}</td>
              <td className={classes.wide}>
                <Bar
                  fraction={upload.received / upload.size}
                  label={`Progress of ${upload.file_name}`}
                  tone={upload.state === "failed" ? "bad" : "idle"}
                />
                <span className={table.quiet}>{uploadWords(upload)}</span>
              </td>
              <td className={table.quiet}>{adviceOf(upload)}</td>
              <td className={table.buttons}>
                {upload.state !== "checking" && (
                  <Button
                    size="compact-xs"
                    variant="default"
                    onClick={() => discard.mutate(upload.id, { onError: say })}
                    aria-label={`Discard ${upload.file_name}`}
                  >
                    Discard
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function adviceOf({ state, problem, created_by, expires_at }: Upload): string {
  if (state === "failed") return problem;
  if (state === "checking") return "";
  return `By ${created_by}. Choose the same file again to go on; kept until ${dateAndTime(expires_at)}.`;
}
