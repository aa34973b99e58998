import { Button, NumberInput } from "@mantine/core";
import { type RefObject, useState } from "react";
import { KeyCaps } from "@/components/KeyCaps";
import classes from "./IdentityEdits.module.css";

interface Props {
  number: number;
  isBusy: boolean;
  field: RefObject<HTMLInputElement | null>;
  withKeys: boolean;
  onMerge: (other: number) => void;
}

/** The number of the identity that is the same vehicle. */
export function MergeForm({ number, isBusy, field, withKeys, onMerge }: Props) {
  const [other, setOther] = useState<string | number>("");
  const isReady = other !== "" && Number(other) !== number;
  return (
    <form
      className={classes.merge}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isReady) return;
        onMerge(Number(other));
        setOther("");
        // The page's keys work again.
        field.current?.blur();
      }}
    >
      <NumberInput
        ref={field}
        size="xs"
        w={104}
        aria-label="Merge with identity"
        placeholder="with number"
        min={1}
        hideControls
        allowDecimal={false}
        value={other}
        onChange={setOther}
      />
      <Button
        size="compact-xs"
        variant="default"
        type="submit"
        disabled={!isReady}
        loading={isBusy}
        rightSection={withKeys && <KeyCaps keys="m" />}
      >
        Merge
      </Button>
    </form>
  );
}
