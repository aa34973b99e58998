/** Everything a person can do here is data: buttons, hot keys, the palette and the ? sheet are made from it. */

export interface Action {
  readonly id: string;
  readonly title: string;
  /** Heading in the palette and on the ? sheet. */
  readonly group: string;
  /** As react-hotkeys-hook writes them: "space", "shift+arrowleft", "g>s" (one after the other); several by comma. */
  readonly keys?: string;
  /** Also while the caret is in a field (Ctrl-K). */
  readonly inFields?: boolean;
  /** Left out of the palette: steps and nudges that only make sense as keys. */
  readonly keysOnly?: boolean;
  /** Once a press, however long the key is held: for what must not happen twice by a heavy finger. */
  readonly oncePerPress?: boolean;
  /** Why it cannot be done just now: keys and palette say so instead of doing it, buttons are greyed. */
  readonly unavailable?: string | null | undefined;
  readonly perform: () => void;
}

const NAMES: Record<string, string> = {
  arrowleft: "←",
  arrowright: "→",
  arrowup: "↑",
  arrowdown: "↓",
  space: "Space",
  escape: "Esc",
  mod: "Ctrl",
  shift: "Shift",
  alt: "Alt",
  period: ".",
  home: "Home",
  end: "End",
  enter: "Enter",
  delete: "Del",
  pageup: "Page up",
  pagedown: "Page down",
};

function keyName(key: string): string {
  return NAMES[key] ?? key.toUpperCase();
}

/** Keys as they are printed: alternatives, each a list of key caps; a sequence has "then" between its caps. */
export function keyCaps(keys: string): string[][] {
  return keys.split(",").map((alternative) => {
    const presses = alternative.trim().split(">");
    return presses.flatMap((press, index) => {
      // Shift is how "?" is typed, not a key beside it.
      const caps = press === "shift+?" ? ["?"] : press.split("+").map(keyName);
      return index === 0 ? caps : ["then", ...caps];
    });
  });
}
