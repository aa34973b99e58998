import { ActionIcon, VisuallyHidden } from "@mantine/core";
import type { ClipboardEvent } from "react";
import { Icon } from "@/components/Icon";
import type { Fit } from "../api/getFit";
import {
  isComplete,
  type Pair,
  type PairsDraft,
  PLACES,
  type Place,
  pastedPlace,
  withChange,
  withoutPair,
} from "../pairsDraft";
import { NumberField } from "./NumberField";
import classes from "./setup.module.css";

interface Props {
  draft: PairsDraft;
  fit: Pick<Fit, "errors" | "suspect"> | null;
  /** The key of the pair whose place is to be typed now. */
  newest: number | null;
  change: ((next: PairsDraft, tag?: string | null) => void) | null;
}

/** The pairs of points with what is wrong with each. */
export function PairsTable({ draft, fit, newest, change }: Props) {
  const complete = draft.pairs.filter(isComplete);
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th>Point</th>
          <th>{PLACES[draft.unit][0]}</th>
          <th>{PLACES[draft.unit][1]}</th>
          <th>Off by</th>
          <th>
            <VisuallyHidden>Take away</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody>
        {draft.pairs.map((pair, place) => {
          const asked = complete.indexOf(pair);
          const error = fit?.errors[asked];
          return (
            <tr
              key={pair.key}
              data-suspect={(fit !== null && asked >= 0 && fit.suspect === asked) || undefined}
            >
              <td>{place + 1}</td>
              <Coordinates
                pair={pair}
                number={place + 1}
                draft={draft}
                change={change}
                withFocus={pair.key === newest}
              />
              <td>{error ? `${error.px.toFixed(1)} px, ${error.m.toFixed(2)} m` : ""}</td>
              <td>
                {change && (
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={`Take point ${place + 1} away`}
                    onClick={() => change(withoutPair(draft, pair.key))}
                  >
                    <Icon name="close" size={12} />
                  </ActionIcon>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

interface CoordinatesProps {
  pair: Pair;
  number: number;
  draft: PairsDraft;
  change: Props["change"];
  withFocus: boolean;
}

/** Two fields; a pair of numbers pasted into either fills both. */
function Coordinates({ pair, number, draft, change, withFocus }: CoordinatesProps) {
  const put = (place: Place): void => change?.(withChange(draft, pair.key, { place }), `place ${pair.key}`);

  function paste(event: ClipboardEvent): void {
    const place = pastedPlace(event.clipboardData.getData("text"));
    if (!place) return;
    event.preventDefault();
    put(place);
  }

  return PLACES[draft.unit].map((name, axis) => (
    <td key={name}>
      <NumberField
        width={104}
        decimals={draft.unit === "degrees" ? 8 : 3}
        value={pair.place[axis] ?? null}
        label={`${name} of point ${number}`}
        withFocus={withFocus && axis === 0 && pair.place[0] === null}
        onPaste={paste}
        onChange={change && ((typed) => put(axis === 0 ? [typed, pair.place[1]] : [pair.place[0], typed]))}
      />
    </td>
  ));
}
