import { Button, FileButton } from "@mantine/core";
import { type DragEvent, useState } from "react";
import { Icon } from "@/components/Icon";
import classes from "./DropZone.module.css";

export const VIDEO_FILES = ".mp4,.avi,.mkv,.mov,.m4v,.webm,.ts,.mpg,.mpeg,.wmv,.flv";

/** Where videos are dropped or chosen, many at once. */
export function DropZone({ onFiles }: { onFiles: (files: File[]) => void }) {
  const [isOver, setOver] = useState(false);

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
        Drop the cameras' videos here. They go on where they stopped if the connection, this page or the
        server breaks off.
      </p>
      <FileButton
        onChange={onFiles}
        accept={VIDEO_FILES}
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
