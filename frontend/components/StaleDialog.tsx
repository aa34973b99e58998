import { Button, Modal } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./StaleDialog.module.css";

/** One way to make the edit after all, on what is there now. */
export interface Remade {
  readonly label: string;
  readonly take: () => void;
}

interface Props {
  title: string;
  /** What is there now, and who made it so. */
  theirs: ReactNode;
  /** What was to be done here. */
  mine: ReactNode;
  /** None where nothing is left to make it on. */
  remade: readonly Remade[];
  onTheirs: () => void;
}

/** Somebody was quicker: both versions side by side, and which one is to hold. */
export function StaleDialog({ title, theirs, mine, remade, onTheirs }: Props) {
  return (
    <Modal opened onClose={onTheirs} title={title} size="lg" closeOnClickOutside={false}>
      <div className={classes.versions}>
        <section className={classes.version} aria-label="Theirs">
          <h3>Theirs</h3>
          {theirs}
          <Button variant="default" onClick={onTheirs}>
            Take theirs
          </Button>
        </section>
        <section className={classes.version} aria-label="Mine">
          <h3>Mine</h3>
          {mine}
          {remade.map(({ label, take }) => (
            <Button key={label} onClick={take}>
              {label}
            </Button>
          ))}
          {remade.length === 0 && (
            <p>There is nothing left to make it on: undo their edit in the history first.</p>
          )}
        </section>
      </div>
    </Modal>
  );
}
