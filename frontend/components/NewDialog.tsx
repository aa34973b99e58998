import { Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type ReactNode, useMemo } from "react";
import type { Action } from "@/lib/actions/action";
import { useActions } from "@/lib/actions/useActions";
import { ActionButton } from "./ActionButton";

interface Props {
  /** The action's. */
  id: string;
  title: string;
  size?: "md" | "lg";
  /** Whether somebody came for it. */
  startsOpen?: boolean;
  children: (close: () => void) => ReactNode;
}

/** What a page is there to make: its button, the key N, its entry in the palette, and the dialog that they open. */
export function NewDialog({ id, title, size = "md", startsOpen = false, children }: Props) {
  const [opened, { open, close }] = useDisclosure(startsOpen);
  useActions(
    useMemo<Action[]>(() => [{ id, title, group: "This page", keys: "n", perform: open }], [id, title, open]),
  );
  return (
    <>
      <ActionButton action={id} icon="plus" primary>
        {title}
      </ActionButton>
      <Modal opened={opened} onClose={close} title={title} size={size}>
        {children(close)}
      </Modal>
    </>
  );
}
