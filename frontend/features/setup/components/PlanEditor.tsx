import { Button, FileButton, SegmentedControl, Select } from "@mantine/core";
import { useRef, useState } from "react";
import { ActionButton } from "@/components/ActionButton";
import { type Placing, type Plan, useChangePlan } from "../api/plan";
import { type Drafting, useDraft } from "../hooks/useDraft";
import { CHOOSE_FIRST, NOTHING_CHANGED, SAVE, useSaveAction } from "../hooks/useSaveAction";
import { useUnsaved } from "../hooks/useUnsaved";
import { type Unit, withChange, withoutPair, withPair } from "../pairsDraft";
import { type PlanDraft, placing, planDraftOf, planWords, samePlan, withCamera } from "../planDraft";
import { inside, type Point } from "../regionDraft";
import { Drawing } from "./Drawing";
import { Handle } from "./Handle";
import { Newer } from "./Newer";
import { PairsTable } from "./PairsTable";
import { Refusal } from "./Refusal";
import pictures from "./SetupPicture.module.css";
import classes from "./setup.module.css";

interface Props {
  sceneId: number;
  plan: Plan;
  cameras: readonly { id: number; name: string }[];
  mayChange: boolean;
  onReload: () => void;
}

const UNITS: readonly { value: Unit; label: string }[] = [
  { value: "metres", label: "Metres" },
  { value: "degrees", label: "Latitude, longitude" },
];
const POINTS = "points";

const DRAFTING: Drafting<Plan, PlanDraft> = { draftOf: planDraftOf, isSame: samePlan };

/** A picture of the scene from above: laid on the ground by points, with cameras put on it. */
export function PlanEditor({ sceneId, plan: stored, cameras, mayChange, onReload }: Props) {
  const { base: plan, draft, isChanged, newer, change: setDraft, ...drafted } = useDraft(stored, DRAFTING);
  const [newest, setNewest] = useState<number | null>(null);
  const [putting, setPutting] = useState(POINTS);
  const { bring, place, remove } = useChangePlan(sceneId, plan);
  const wanted = placing(draft);
  useUnsaved(isChanged);
  const saving = {
    title: "Save the plan",
    unavailable: newer ? CHOOSE_FIRST : whyNotSaved(isChanged, wanted),
    perform: () => {
      if (!wanted) return;
      drafted.send(draft);
      place.mutate(wanted);
    },
    isPending: place.isPending,
  };
  useSaveAction(saving, mayChange && plan.picture_url !== null);
  const size = { width: plan.width ?? 1, height: plan.height ?? 1 };
  const names = new Map(cameras.map(({ id, name }) => [id, name]));

  function click(at: Point): void {
    const pixel = inside(at, size);
    if (putting !== POINTS) {
      setDraft(withCamera(draft, Number(putting), pixel));
      return;
    }
    const next = withPair(draft, pixel);
    setDraft({ ...draft, ...next });
    setNewest(next.pairs.at(-1)?.key ?? null);
  }

  const behind = newer && (
    <Newer
      what="The plan"
      theirs={planWords(newer)}
      onTheirs={drafted.takeTheirs}
      onMine={() => {
        place.reset();
        drafted.takeMine();
        setDraft({ ...draft, size: [newer.width, newer.height] });
      }}
    />
  );
  if (!plan.picture_url)
    return (
      <div className={classes.side}>
        <p className={classes.note}>
          A map, an aerial photograph or a drawing of the streets, as JPEG or PNG. Two points of it whose
          place is known lay it on the ground; then cameras can be put on it, calibrated by clicking on it,
          and the page Map shows it.
        </p>
        <Status plan={plan} />
        {mayChange && (
          <Bring onFile={bring.mutate} isBusy={bring.isPending || plan.is_working} words="Choose a picture" />
        )}
        {behind ?? <Refusal error={bring.error} onReload={onReload} />}
      </div>
    );
  return (
    <div className={classes.columns}>
      <div className={pictures.whole}>
        <Drawing
          {...size}
          label="Drawing over the plan"
          onPoint={mayChange ? click : undefined}
          picture={<img className={pictures.video} src={plan.picture_url} alt="The scene from above" />}
        >
          {(unit) => (
            <>
              {draft.pairs.map((pair, index) => (
                <Handle
                  key={pair.key}
                  at={pair.pixel}
                  unit={unit}
                  label={`Point ${index + 1}, at ${pair.pixel.map(Math.round).join(", ")}`}
                  mark={String(index + 1)}
                  onMove={
                    mayChange
                      ? (to) =>
                          setDraft({ ...draft, ...withChange(draft, pair.key, { pixel: inside(to, size) }) })
                      : undefined
                  }
                  onRemove={
                    mayChange ? () => setDraft({ ...draft, ...withoutPair(draft, pair.key) }) : undefined
                  }
                />
              ))}
              {[...draft.cameras].map(([camera, at]) => (
                <Handle
                  key={`camera ${camera}`}
                  at={at}
                  unit={unit}
                  label={`Camera ${names.get(camera)}, at ${at.map(Math.round).join(", ")}`}
                  mark={names.get(camera) ?? ""}
                  onMove={
                    mayChange ? (to) => setDraft(withCamera(draft, camera, inside(to, size))) : undefined
                  }
                  onRemove={mayChange ? () => setDraft(withCamera(draft, camera, null)) : undefined}
                />
              ))}
            </>
          )}
        </Drawing>
      </div>
      <div className={classes.side}>
        <p className={classes.note}>
          Click two or more points far apart and say where each is: in the same metres as the cameras'
          calibrations, or in latitude and longitude. From three points on it shows how far they agree.
        </p>
        {mayChange && (
          <>
            <Select
              size="xs"
              label="A click on the plan"
              allowDeselect={false}
              data={[
                { value: POINTS, label: "adds a point" },
                ...cameras.map(({ id, name }) => ({ value: String(id), label: `puts camera ${name} there` })),
              ]}
              value={putting}
              onChange={(value) => setPutting(value ?? POINTS)}
            />
            <SegmentedControl
              size="xs"
              aria-label="Places in"
              data={[...UNITS]}
              value={draft.unit}
              onChange={(unit) =>
                setDraft({
                  ...draft,
                  unit: unit as Unit,
                  pairs: draft.pairs.map((pair) => ({ ...pair, place: [null, null] })),
                })
              }
            />
          </>
        )}
        {draft.pairs.length > 0 && (
          <PairsTable
            draft={draft}
            fit={isChanged ? null : errorsOf(plan)}
            newest={newest}
            change={mayChange ? (next) => setDraft({ ...draft, ...next }) : null}
          />
        )}
        <Status plan={plan} />
        {mayChange && (
          <div className={classes.buttons}>
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => click([size.width / 2, size.height / 2])}
            >
              {putting === POINTS ? "Add a point" : `Put ${names.get(Number(putting))} in the middle`}
            </Button>
            <Bring
              onFile={bring.mutate}
              isBusy={bring.isPending || plan.is_working}
              words="Another picture"
            />
            <Button
              size="compact-xs"
              variant="default"
              loading={remove.isPending}
              onClick={() => remove.mutate()}
            >
              Take the plan away
            </Button>
            <ActionButton action={SAVE} primary loading={place.isPending} />
          </div>
        )}
        {behind ?? <Refusal error={place.error ?? bring.error ?? remove.error} onReload={onReload} />}
      </div>
    </div>
  );
}

function whyNotSaved(isChanged: boolean, wanted: Placing | null): string | null {
  if (!isChanged) return NOTHING_CHANGED;
  return wanted ? null : "two points or none, each with its place.";
}

function Bring({ onFile, isBusy, words }: { onFile: (file: File) => void; isBusy: boolean; words: string }) {
  const reset = useRef<() => void>(null);
  function choose(file: File | null): void {
    if (file) onFile(file);
    // The same file again is a choice too, where it did not get there.
    reset.current?.();
  }
  return (
    <FileButton
      resetRef={reset}
      onChange={choose}
      accept="image/png,image/jpeg"
      inputProps={{ "aria-label": "Picture of the plan" }}
    >
      {(props) => (
        <Button {...props} size="compact-xs" variant="default" loading={isBusy}>
          {words}
        </Button>
      )}
    </FileButton>
  );
}

/** How far each point of a placed plan is off. */
function errorsOf({ errors_m, metres_per_pixel }: Plan) {
  if (metres_per_pixel === null) return null;
  return { errors: errors_m.map((m) => ({ m, px: m / metres_per_pixel })), suspect: null };
}

/** Whether it lies on the ground, and how well. */
function Status({ plan }: { plan: Plan }) {
  const { is_working, problem, picture_url, metres_per_pixel, rms_m, pairs } = plan;
  if (problem)
    return (
      <p className={classes.problem} role="alert">
        {problem}
      </p>
    );
  if (is_working) return <p role="status">The picture is being read.</p>;
  if (!picture_url) return null;
  const isChecked = pairs.length > 2 && rms_m !== null;
  return (
    <p className={classes.good} role="status">
      {metres_per_pixel === null
        ? "Not on the ground yet: it takes two points with their places."
        : `A pixel is ${metres_per_pixel.toPrecision(3)} m. ${isChecked ? `The points agree to ${rms_m.toFixed(2)} m (root mean square).` : "Two points fit exactly, right or wrong: a third one shows whether they are right."}`}
    </p>
  );
}
