import { Button, Modal, NumberInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { type Track, trackName } from "../types";
import classes from "./Dialogs.module.css";

interface Props {
  track: Track | null;
  opened: boolean;
  onClose: () => void;
  onMove: (number: number | null) => void;
  /** The pictures of an identity, to be sure of it before it is chosen. */
  renderIdentity: (number: number) => ReactNode;
}

/** To which identity: by its number, with its pictures; or to none. */
export function MoveDialog({ track, opened, onClose, onMove, renderIdentity }: Props) {
  return (
    <Modal
      opened={opened && track !== null}
      onClose={onClose}
      title={`Move ${track ? trackName(track) : ""}`}
      size="lg"
    >
      {track && <MoveForm track={track} onMove={onMove} renderIdentity={renderIdentity} />}
    </Modal>
  );
}

type FormProps = Pick<Props, "onMove" | "renderIdentity"> & { track: Track };

function MoveForm({ track, onMove, renderIdentity }: FormProps) {
  const [number, setNumber] = useState<string | number>("");
  const wanted = typeof number === "number" && number > 0 ? number : null;
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (wanted !== null && wanted !== track.identity) onMove(wanted);
      }}
    >
      <div className={classes.line}>
        <NumberInput
          data-autofocus
          size="sm"
          w={140}
          aria-label="Identity number"
          placeholder="identity number"
          min={1}
          hideControls
          allowDecimal={false}
          value={number}
          onChange={setNumber}
        />
        <Button type="submit" size="sm" disabled={wanted === null || wanted === track.identity}>
          Move (Enter)
        </Button>
        <Button size="sm" variant="default" disabled={track.identity === null} onClick={() => onMove(null)}>
          To an identity of its own
        </Button>
      </div>
      {wanted !== null && <div className={classes.preview}>{renderIdentity(wanted)}</div>}
      <p className={classes.note}>
        It is in identity {track.identity ?? "none"} now. Two tracklets that one camera sees at the same time
        cannot be one vehicle: mark one as a duplicate (U) where they are.
      </p>
    </form>
  );
}
