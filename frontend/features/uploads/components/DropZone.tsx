import { Button, FileButton } from "@mantine/core";
import { type DragEvent, useRef, useState } from "react";
import { Icon } from "@/components/Icon";
import classes from "./DropZone.module.css";

export const VIDEO_FILES = ".mp4,.avi,.mkv,.mov,.m4v,.webm,.ts,.mpg,.mpeg,.wmv,.flv";
const SCENE_FILES = ".zip";

/** Where videos are dropped or chosen, many at once. */
export function DropZone({ onFiles }: { onFiles: (files: File[]) => void }) {
  const [isOver, setOver] = useState(false);
  const reset = useRef<() => void>(null);

  /** The same file can be chosen again later: that is how an upload goes on. */
  function choose(files: File[]): void {
    onFiles(files);
    reset.current?.();
  }

  function drop(event: DragEvent): void {
    event.preventDefault();
    setOver(false);
    onFiles([...event.dataTransfer.files]);
  }

  function over(event: DragEvent): void {
    event.preventDefault();
    setOver(true);
  }

  return (
    <section
      className={classes.zone}
      data-over={isOver || undefined}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      aria-label="Add videos"
    >
      <p className={classes.sentence}>
        Drop the cameras' videos here, or a zip of a whole scene's folder (S01/c001/vdo.mp4 with its
        calibration.txt, roi and gt, as CityFlow has it). They go on where they stopped if the connection,
        this page or the server breaks off.
      </p>
      <FileButton
        resetRef={reset}
        onChange={choose}
        accept={`${VIDEO_FILES},${SCENE_FILES}`}
        multiple
        inputProps={{ "aria-label": "Video files" }}
      >
        {(props) => (
          <Button {...props} leftSection={<Icon name="plus" />}>
            Choose files
          </Button>
        )}
      </FileButton>
    </section>
  );
}
