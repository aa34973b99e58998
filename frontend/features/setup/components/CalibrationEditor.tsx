import { Button, SegmentedControl } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMemo, useState } from "react";
import { ActionButton } from "@/components/ActionButton";
import type { Action } from "@/lib/actions/action";
import { useActions } from "@/lib/actions/useActions";
import { sentenceOf } from "@/lib/api/problem";
import { useLatest } from "@/lib/useLatest";
import { useChangeSetup } from "../api/changeSetup";
import { type Fit, useFit } from "../api/getFit";
import type { Setup } from "../api/getSetup";
import type { Plan } from "../api/plan";
import { groundGrid } from "../groundGrid";
import { type Drafting, useDraft } from "../hooks/useDraft";
import { CHOOSE_FIRST, NOTHING_CHANGED, SAVE, useSaveAction } from "../hooks/useSaveAction";
import { useUnsaved } from "../hooks/useUnsaved";
import {
  asked,
  draftOf,
  isComplete,
  type PairsDraft,
  pairsWords,
  samePairs,
  type Unit,
  withChange,
  withoutPair,
  withPair,
} from "../pairsDraft";
import { inside } from "../regionDraft";
import { Handle } from "./Handle";
import { Newer } from "./Newer";
import { PairsTable } from "./PairsTable";
import { PlanPlaces } from "./PlanPlaces";
import { Refusal } from "./Refusal";
import { type ChosenFrame, type PictureVideo, SetupPicture } from "./SetupPicture";
import classes from "./setup.module.css";

interface Props {
  sceneId: number;
  setup: Setup;
  video: PictureVideo;
  chosen: ChosenFrame;
  mayChange: boolean;
  onReload: () => void;
  /** The scene from above, if it has been read. */
  plan: Plan | null;
}

const UNITS: readonly { value: Unit; label: string }[] = [
  { value: "metres", label: "Metres" },
  { value: "degrees", label: "Latitude, longitude" },
];
const STILL_MS = 250;

const DRAFTING: Drafting<Setup, PairsDraft> = {
  draftOf: ({ calibration }) => draftOf(calibration),
  isSame: samePairs,
};

/** A camera's calibration by pairs of points: click the picture, say where on the ground that is. */
export function CalibrationEditor({ sceneId, video, chosen, mayChange, onReload, plan, ...props }: Props) {
  const { base: setup, draft, isChanged, newer, change, ...drafted } = useDraft(props.setup, DRAFTING);
  const { calibration } = setup;
  const [newest, setNewest] = useState<number | null>(null);
  const { calibrate, remove } = useChangeSetup(sceneId, setup);
  useUnsaved(isChanged && draft.pairs.length > 0);
  // The same one while nothing changes: else each look at it would begin the wait anew, for ever.
  const wanted = useMemo(() => asked(draft), [draft]);
  const [still] = useDebouncedValue(wanted, STILL_MS);
  const fit = useFit(setup.camera, mayChange && wanted ? still : null);
  const complete = draft.pairs.filter(isComplete);
  const found = wanted && fit.data && !fit.isError ? fit.data : null;
  const matrix = found?.metres_to_image ?? (draft.pairs.length === 0 ? calibration?.metres_to_image : null);
  const grid = useMemo(
    () => (matrix ? groundGrid(matrix, setup.lens, video) : null),
    [matrix, setup.lens, video],
  );

  function add(pixel: readonly [number, number]): void {
    const next = withPair(draft, inside(pixel, video));
    change(next);
    setNewest(next.pairs.at(-1)?.key ?? null);
  }

  function save(): void {
    if (!wanted) return;
    drafted.send({ ...draft, pairs: complete });
    calibrate.mutate(wanted);
  }

  usePairActions({
    add: () => add([video.width / 2, video.height / 2]),
    undo: drafted.canUndo ? drafted.undo : null,
    isOn: mayChange,
  });
  const saving = {
    title: "Save the calibration",
    unavailable: newer ? CHOOSE_FIRST : whyNotSaved(isChanged, found),
    perform: save,
    isPending: calibrate.isPending,
  };
  useSaveAction(saving, mayChange);

  return (
    <div className={classes.columns}>
      <SetupPicture video={video} chosen={chosen} onPoint={mayChange ? add : undefined}>
        {(unit) => (
          <>
            {grid?.lines.map((path) => (
              <path key={path} className={classes.grid} d={path} strokeWidth={1.2 * unit} />
            ))}
            {draft.pairs.map((pair, place) => (
              <Handle
                key={pair.key}
                at={pair.pixel}
                unit={unit}
                label={`Point ${place + 1}, at ${pair.pixel.map(Math.round).join(", ")}`}
                mark={String(place + 1)}
                isBad={found !== null && complete[found.suspect ?? -1] === pair}
                onMove={
                  mayChange
                    ? (to) =>
                        change(withChange(draft, pair.key, { pixel: inside(to, video) }), `pixel ${pair.key}`)
                    : undefined
                }
                onRemove={mayChange ? () => change(withoutPair(draft, pair.key)) : undefined}
              />
            ))}
          </>
        )}
      </SetupPicture>
      <div className={classes.side}>
        <p className={classes.note}>
          Click four or more places that you can find on a map or plan (corners of markings, kerbs, manhole
          covers), all on the ground and spread over it, and say where each is. More points than four show
          which one is wrong.
        </p>
        {mayChange && (
          <SegmentedControl
            size="xs"
            aria-label="Places in"
            data={[...UNITS]}
            value={draft.unit}
            onChange={(unit) =>
              change({
                unit: unit as Unit,
                pairs: draft.pairs.map((pair) => ({ ...pair, place: [null, null] })),
              })
            }
          />
        )}
        {draft.pairs.length > 0 && (
          <PairsTable draft={draft} fit={found} newest={newest} change={mayChange ? change : null} />
        )}
        {plan && <PlanPlaces plan={plan} draft={draft} change={mayChange ? change : null} />}
        <Outcome draft={draft} fit={found} problem={fit.error} setup={setup} step={grid?.step ?? null} />
        {mayChange && (
          <div className={classes.buttons}>
            <ActionButton action="pair-add" />
            <ActionButton action="pair-undo" withKey />
            {calibration && draft.pairs.length === 0 && (
              <Button
                size="compact-xs"
                variant="default"
                loading={remove.isPending}
                onClick={() => remove.mutate()}
              >
                Take the calibration away
              </Button>
            )}
            <ActionButton action={SAVE} primary loading={calibrate.isPending} />
          </div>
        )}
        {newer ? (
          <Newer
            what="The calibration"
            theirs={pairsWords(draftOf(newer.calibration))}
            onTheirs={drafted.takeTheirs}
            onMine={() => {
              calibrate.reset();
              drafted.takeMine();
            }}
          />
        ) : (
          <Refusal error={calibrate.error ?? remove.error} onReload={onReload} />
        )}
      </div>
    </div>
  );
}

function whyNotSaved(isChanged: boolean, found: Fit | null): string | null {
  if (!isChanged) return NOTHING_CHANGED;
  return found ? null : "the points do not say yet where the ground is.";
}

interface OutcomeProps {
  draft: PairsDraft;
  fit: Fit | null;
  problem: unknown;
  setup: Setup;
  step: number | null;
}

/** How good it is, or why it is none. */
function Outcome({ draft, fit, problem, setup, step }: OutcomeProps) {
  const squares = step === null ? "" : ` The grid's squares are ${step} m wide.`;
  const complete = draft.pairs.filter(isComplete).length;
  if (draft.pairs.length === 0)
    return (
      <p className={classes.good} role="status">
        {setup.calibration
          ? `Calibrated${setup.calibration.pairs ? "" : " by files that came with the scene"}.${squares} Click the picture to calibrate anew.`
          : "Not calibrated: the map, places and speeds need it."}
      </p>
    );
  if (complete < 4)
    return (
      <p className={classes.good} role="status">
        {complete} of at least 4 points have a place.
      </p>
    );
  if (problem)
    return (
      <p className={classes.problem} role="alert">
        {sentenceOf(problem)}
      </p>
    );
  if (!fit) return null;
  return (
    <>
      <p className={classes.good} role="status">
        {complete === 4
          ? "Four points fit exactly, right or wrong: a fifth one shows whether they are right."
          : `Off by ${fit.rms_px.toFixed(1)} px, ${fit.rms_m.toFixed(2)} m on the ground (root mean square).`}
        {squares}
      </p>
      {fit.suspect !== null && (
        <p className={classes.problem}>
          The point in red disagrees with all others: look at its place in the picture and on the ground.
        </p>
      )}
    </>
  );
}

interface Commands {
  add: () => void;
  undo: (() => void) | null;
  isOn: boolean;
}

function usePairActions(commands: Commands): void {
  const now = useLatest(commands);
  const { isOn } = commands;
  const canUndo = commands.undo !== null;
  useActions(
    useMemo<Action[]>(() => {
      if (!isOn) return [];
      const group = "Calibration";
      return [
        { id: "pair-add", title: "Add a point", group, keys: "a", perform: () => now().add() },
        {
          id: "pair-undo",
          title: "Undo",
          group,
          keys: "mod+z",
          unavailable: canUndo ? null : "nothing was changed.",
          perform: () => now().undo?.(),
        },
      ];
    }, [now, isOn, canUndo]),
  );
}
