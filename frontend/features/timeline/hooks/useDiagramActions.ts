import { useMemo } from "react";
import type { Action } from "@/lib/actions/action";
import { useActions } from "@/lib/actions/useActions";
import { including, lengthOf, panned, zoomed } from "@/lib/plot/span";
import type { SpanStore } from "@/lib/plot/spanStore";
import { type Bars, packLanes } from "../bars";
import { type Direction, nearestInLane, neighbour } from "../layout";

interface Inputs {
  bars: Bars;
  order: readonly number[];
  store: SpanStore;
  focus: number | null;
  onFocus: (bar: number | null) => void;
  onPick: (bar: number | null) => void;
  onOpen: (bar: number) => void;
  onWatch: (bar: number) => void;
}

const GROUP = "Diagram";

/** The keys of the diagram: pan, zoom, and from bar to bar. */
export function useDiagramActions(inputs: Inputs): void {
  const { bars, order, store, focus, onFocus, onPick, onOpen, onWatch } = inputs;
  const actions = useMemo<Action[]>(() => {
    const lanes = packLanes(bars, order);
    const go = (direction: Direction) => (): void => {
      const { span, whole } = store.read();
      const start = lanes.find(({ rows }) => rows.length > 0);
      const next =
        focus === null ? nearestInLane(bars, start, span.from) : neighbour(bars, lanes, focus, direction);
      if (next === null) return;
      onFocus(next);
      store.set(including(span, bars.start[next] ?? 0, bars.end[next] ?? 0, whole));
    };
    const onFocused = (id: string, title: string, keys: string, perform: (bar: number) => void): Action => ({
      id: `diagram-${id}`,
      title,
      group: GROUP,
      keys,
      unavailable: focus === null ? "choose a tracklet first, with the arrow keys" : null,
      perform: () => focus !== null && perform(focus),
    });
    return [
      ...viewActions(store),
      step("left", "Tracklet before, in this camera", go("left")),
      step("right", "Next tracklet in this camera", go("right")),
      step("up", "Tracklet in the camera above", go("up")),
      step("down", "Tracklet in the camera below", go("down")),
      onFocused("pick", "Show its identity", "enter", onPick),
      onFocused("open", "Open its identity's page", "o", onOpen),
      onFocused("watch", "Watch it on the videos", "w", onWatch),
      {
        id: "diagram-deselect",
        title: "Deselect",
        group: GROUP,
        keys: "escape",
        perform: () => {
          onFocus(null);
          onPick(null);
        },
      },
    ];
  }, [bars, order, store, focus, onFocus, onPick, onOpen, onWatch]);
  useActions(actions);
}

function step(direction: Direction, title: string, perform: () => void): Action {
  return {
    id: `diagram-${direction}`,
    title,
    group: GROUP,
    keys: `arrow${direction}`,
    keysOnly: true,
    perform,
  };
}

function viewActions(store: SpanStore): Action[] {
  const action = (
    id: string,
    title: string,
    keys: string,
    perform: () => void,
    keysOnly = false,
  ): Action => ({
    id: `diagram-${id}`,
    title,
    group: GROUP,
    keys,
    perform,
    keysOnly,
  });
  const zoom = (factor: number) => (): void => {
    const { span, whole } = store.read();
    store.set(zoomed(span, factor, (span.from + span.to) / 2, whole));
  };
  const pan = (share: number) => (): void => {
    const { span, whole } = store.read();
    store.set(panned(span, share * lengthOf(span), whole));
  };
  return [
    action("nearer", "Nearer", "=", zoom(0.7)),
    action("farther", "Farther", "-", zoom(1 / 0.7)),
    action("all", "All of the time", "0", () => store.set(store.read().whole)),
    action("back", "Earlier", "shift+arrowleft", pan(-0.25), true),
    action("on", "Later", "shift+arrowright", pan(0.25), true),
  ];
}
