import { Autocomplete, Button, NumberInput } from "@mantine/core";
import { Bar } from "@/components/Bar";
import table from "@/components/table.module.css";
import { counted } from "@/lib/format";
import { sender } from "../sender";
import { canBeSent, type Phase, type Sending, type Upload } from "../types";
import { bytesWords, phaseWords, uploadWords } from "../words";
import classes from "./uploads.module.css";

interface Props {
  sceneId: number;
  items: readonly Sending[];
  uploads: readonly Upload[];
  cameras: readonly string[];
}

/** The files of this tab: whose they are before they are sent, how far they are after. */
export function SendingTable({ sceneId, items, uploads, cameras }: Props) {
  const ready = items.filter(({ phase }) => phase === "chosen");
  const sent = items.filter(({ phase }) => phase === "sent");
  const nameless = ready.filter((item) => !canBeSent(item)).length;
  return (
    <section className={table.frame} aria-label="Files of this tab">
      <table className={`${table.table} ${classes.table}`}>
        <thead>
          <tr>
            <th>File</th>
            <th>Size</th>
            <th>Camera</th>
            <th>Begins at</th>
            <th className={classes.wide}>Progress</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <Row
              key={item.key}
              item={item}
              cameras={cameras}
              upload={uploads.find(({ id }) => id === item.upload)}
            />
          ))}
        </tbody>
      </table>
      {sent.length > 1 && (
        <div className={classes.foot}>
          <Button variant="default" onClick={() => sender.clearSent(sceneId)}>
            Take {counted(sent.length, "sent file")} off the list
          </Button>
          <span className={table.quiet}>
            {sent.length} of {counted(items.length, "file")} sent.
          </span>
        </div>
      )}
      {ready.length > 0 && (
        <div className={classes.foot}>
          <Button onClick={() => sender.start(sceneId)} disabled={nameless === ready.length}>
            Send {counted(ready.length - nameless, "file")}
          </Button>
          <span className={table.quiet}>
            {nameless > 0
              ? `${counted(nameless, "file")} still without a camera.`
              : "A new name makes a new camera. Without a time the file's name or header tells when it begins."}
          </span>
        </div>
      )}
    </section>
  );
}

const TONES: Partial<Record<Phase, "good" | "bad" | "idle">> = {
  sent: "good",
  refused: "bad",
  paused: "idle",
  chosen: "idle",
};

interface RowProps {
  item: Sending;
  cameras: readonly string[];
  upload: Upload | undefined;
}

function Row({ item, cameras, upload }: RowProps) {
  const { key, file, phase } = item;
  const isFolder = item.purpose === "scene";
  const isFixed = phase !== "chosen" || isFolder;
  const failed = upload?.state === "failed";
  const problem = item.problem ?? (failed ? upload.problem : null);
  return (
    <>
      <tr data-file={file.name} data-phase={phase} data-problem={problem ? true : undefined}>
        <td className={classes.name}>{file.name}</td>
        <td>{bytesWords(file.size)}</td>
        <td>
          {isFolder ? (
            <span className={table.quiet}>all of the folder</span>
          ) : isFixed ? (
            item.camera
          ) : (
            <Autocomplete
              size="xs"
              data={[...cameras]}
              value={item.camera}
              maxLength={40}
              placeholder="name of the camera"
              aria-label={`Camera of ${file.name}`}
              onChange={(camera) => sender.describe(key, { camera })}
            />
          )}
        </td>
        <td>
          {isFixed ? (
            !isFolder && startWords(item.startS)
          ) : (
            <NumberInput
              size="xs"
              w={150}
              decimalScale={3}
              hideControls
              suffix=" s"
              placeholder="found out"
              aria-label={`Scene time of the first frame of ${file.name}, seconds`}
              onChange={(value) => sender.describe(key, { startS: typeof value === "number" ? value : null })}
            />
          )}
        </td>
        <td className={classes.wide}>
          <Bar
            fraction={phase === "sent" ? 1 : item.done / file.size}
            label={`Progress of ${file.name}`}
            tone={failed ? "bad" : (TONES[phase] ?? "busy")}
          />
          <span className={table.quiet}>
            {phase === "sent" && upload ? uploadWords(upload) : phaseWords(item)}
          </span>
        </td>
        <td className={table.buttons}>
          <Buttons item={item} />
        </td>
      </tr>
      {problem && (
        <tr className={table.problem}>
          <td colSpan={6}>{problem}</td>
        </tr>
      )}
    </>
  );
}

function startWords(startS: number | null): string {
  return startS === null ? "found out" : `${startS} s`;
}

function Buttons({ item: { key, phase, file } }: { item: Sending }) {
  const shared = { size: "compact-xs", variant: "default" } as const;
  const goesOn = phase === "paused" || phase === "refused";
  return (
    <>
      {phase === "sending" && (
        <Button {...shared} onClick={() => sender.pause(key)} aria-label={`Pause ${file.name}`}>
          Pause
        </Button>
      )}
      {goesOn && (
        <Button {...shared} onClick={() => sender.resume(key)} aria-label={`Go on with ${file.name}`}>
          Go on
        </Button>
      )}{" "}
      <Button {...shared} onClick={() => void sender.remove(key)} aria-label={`Remove ${file.name}`}>
        {phase === "sent" ? "Done" : "Remove"}
      </Button>
    </>
  );
}
