import { NumberInput } from "@mantine/core";
import { type ClipboardEventHandler, useEffect, useRef, useState } from "react";

interface Props {
  value: number | null;
  label: string;
  decimals: number;
  width: number;
  /** Takes the keys when this becomes true. */
  withFocus?: boolean;
  onPaste?: ClipboardEventHandler;
  onFocus?: () => void;
  /** Told null while the field is empty; without it, the field is only read. */
  onChange: ((value: number | null) => void) | null;
}

/** A number that is told while it is typed; what is not a number yet, as "-" or "11.", stays as it was typed. */
export function NumberField({ value, label, decimals, width, withFocus, onPaste, onFocus, onChange }: Props) {
  const [typed, setTyped] = useState<string | number>(value ?? "");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (withFocus) field.current?.focus({ preventScroll: true });
  }, [withFocus]);
  const [seen, setSeen] = useState(value);
  if (seen !== value) {
    setSeen(value);
    show();
  }

  /** What counts, unless that is what the field says already. */
  function show(): void {
    if (numberOf(typed) !== value) setTyped(value ?? "");
  }

  function type(now: string | number): void {
    setTyped(now);
    const number = numberOf(now);
    if (number === null || Number.isFinite(number)) onChange?.(number);
  }

  return (
    <NumberInput
      size="xs"
      w={width}
      hideControls
      decimalScale={decimals}
      readOnly={!onChange}
      value={typed}
      aria-label={label}
      ref={field}
      onPaste={onPaste}
      onFocus={onFocus}
      onBlur={show}
      onChange={type}
    />
  );
}

function numberOf(typed: string | number): number | null {
  return typed === "" ? null : Number(typed);
}
