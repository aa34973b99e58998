import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import { ActionButton } from "@/components/ActionButton";
import type { Action } from "@/lib/actions/action";
import { useActions } from "@/lib/actions/useActions";
import { counted } from "@/lib/format";
import { useLatest } from "@/lib/useLatest";
import { useChangeSetup } from "../api/changeSetup";
import type { Setup } from "../api/getSetup";
import { type Drafting, useDraft } from "../hooks/useDraft";
import { CHOOSE_FIRST, NOTHING_CHANGED, SAVE, type Saving, useSaveAction } from "../hooks/useSaveAction";
import { useUnsaved } from "../hooks/useUnsaved";
import {
  closed,
  type Drawing,
  drawingOf,
  EMPTY,
  inside,
  type Point,
  sameRegions,
  withCorner,
  withMovedCorner,
  withoutCorner,
} from "../regionDraft";
import { Handle } from "./Handle";
import { Newer } from "./Newer";
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
}

const DRAFTING: Drafting<Setup, Drawing> = {
  draftOf: ({ polygons }) => drawingOf(polygons),
  isSame: sameRegions,
};

/** Where vehicles count in a camera's picture: polygons, drawn corner by corner. */
export function RegionEditor({ sceneId, setup: stored, video, chosen, mayChange, onReload }: Props) {
  const { base: setup, draft: drawing, isChanged, newer, ...draft } = useDraft(stored, DRAFTING);
  const [focused, setFocused] = useState(false);
  const { region } = useChangeSetup(sceneId, setup);
  useUnsaved(isChanged);

  function change(next: Drawing, tag: string | null = null): void {
    setFocused(false);
    draft.change(next, tag);
  }

  function save(): void {
    draft.send(drawing);
    region.mutate(drawing.polygons.map((polygon) => polygon.map((corner) => [...corner])));
  }

  useRegionActions({
    undo: draft.canUndo ? draft.undo : null,
    close: drawing.open.length >= 3 ? () => change(closed(drawing)) : null,
    corner: () => {
      change(withCorner(drawing, inside([video.width / 2, video.height / 2], video)));
      setFocused(true);
    },
    save: {
      title: drawing.polygons.length === 0 ? "Save: everywhere" : "Save the region",
      unavailable: newer ? CHOOSE_FIRST : whyNotSaved(drawing, isChanged || hasImported(setup)),
      perform: save,
      isPending: region.isPending,
    },
    isOn: mayChange,
  });

  const editable = { drawing, size: video, change: mayChange ? change : null, focused };
  return (
    <div className={classes.columns}>
      <SetupPicture
        video={video}
        chosen={chosen}
        onPoint={mayChange ? (point) => change(withCorner(drawing, inside(point, video))) : undefined}
      >
        {(unit) => (
          <>
            {setup.roi_url && !setup.polygons && drawing.polygons.length === 0 && (
              <image
                className={classes.roi}
                href={setup.roi_url}
                width={video.width}
                height={video.height}
                preserveAspectRatio="none"
              />
            )}
            {newer && <Stored regions={drawingOf(newer.polygons)} unit={unit} />}
            <Drawn {...editable} unit={unit} />
          </>
        )}
      </SetupPicture>
      <div className={classes.side}>
        <p className={classes.note}>
          Vehicles are followed where their lower edge lies in a region, and everywhere if there is none.
          Click corner after corner; a click on the first one, or C, closes the region. Corners are dragged,
          or moved by arrows; Delete takes one away.
        </p>
        <p className={classes.good} role="status">
          {summary(drawing, setup)}
        </p>
        {mayChange && (
          <div className={classes.buttons}>
            <ActionButton action="region-corner" />
            <ActionButton action="region-close" withKey />
            <ActionButton action="region-undo" withKey />
            <Button
              size="compact-xs"
              variant="default"
              disabled={drawing.polygons.length + drawing.open.length === 0}
              onClick={() => change(EMPTY)}
            >
              Clear
            </Button>
            <ActionButton action={SAVE} primary loading={region.isPending} />
          </div>
        )}
        {drawing.open.length > 0 && <p className={classes.note}>Close the region before it is saved.</p>}
        {newer ? (
          <Newer
            what="The region"
            theirs={`${regionWords(newer)} (dashed in the picture)`}
            onTheirs={draft.takeTheirs}
            onMine={() => {
              region.reset();
              draft.takeMine();
            }}
          />
        ) : (
          <Refusal error={region.error} onReload={onReload} />
        )}
        <p className={classes.note}>Runs that start from now on use it; scores look at it too.</p>
      </div>
    </div>
  );
}

function whyNotSaved({ open }: Drawing, isChanged: boolean): string | null {
  if (open.length > 0) return "close the region first.";
  return isChanged ? null : NOTHING_CHANGED;
}

function hasImported({ roi_url, polygons }: Setup): boolean {
  return roi_url !== null && polygons === null;
}

function summary({ polygons }: Drawing, setup: Setup): string {
  if (polygons.length > 0) return counted(polygons.length, "region");
  return hasImported(setup)
    ? "The region came as a picture (white here). Draw to replace it; save nothing to count everywhere."
    : "No region: vehicles count everywhere.";
}

function regionWords({ polygons, roi_url }: Setup): string {
  if (polygons) return counted(polygons.length, "region");
  return roi_url ? "the region that came as a picture" : "no region";
}

/** Regions that somebody else saved, to look at. */
function Stored({ regions, unit }: { regions: Drawing; unit: number }) {
  return regions.polygons.map((corners) => (
    <polygon
      key={JSON.stringify(corners)}
      className={classes.theirs}
      points={corners.map((corner) => corner.join(",")).join(" ")}
      strokeWidth={2 * unit}
      strokeDasharray={`${8 * unit} ${6 * unit}`}
    />
  ));
}

interface DrawnProps {
  drawing: Drawing;
  size: PictureVideo;
  unit: number;
  change: ((next: Drawing, tag?: string | null) => void) | null;
  /** Whether the newest corner takes the keys. */
  focused: boolean;
}

function Drawn({ drawing, size, unit, change, focused }: DrawnProps) {
  const all = [...drawing.polygons, drawing.open];
  return all.map((corners, polygon) => {
    const isOpen = polygon === drawing.polygons.length;
    const points = corners.map((corner) => corner.join(",")).join(" ");
    const name = isOpen ? "new region" : `region ${polygon + 1}`;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: a polygon is its place
      <g key={polygon}>
        {isOpen ? (
          <polyline className={classes.open} points={points} strokeWidth={2 * unit} />
        ) : (
          <polygon className={classes.region} points={points} strokeWidth={2 * unit} />
        )}
        {corners.map((corner, place) => (
          <Handle
            // biome-ignore lint/suspicious/noArrayIndexKey: a corner is its place
            key={place}
            at={corner}
            unit={unit}
            label={`Corner ${place + 1} of ${name}, at ${corner.map(Math.round).join(", ")}`}
            withFocus={focused && isOpen && place === corners.length - 1}
            onMove={
              change
                ? (to: Point) =>
                    change(withMovedCorner(drawing, polygon, place, inside(to, size)), `${polygon} ${place}`)
                : undefined
            }
            onRemove={change ? () => change(withoutCorner(drawing, polygon, place)) : undefined}
            onPress={change && isOpen && place === 0 ? () => change(closed(drawing)) : undefined}
          />
        ))}
      </g>
    );
  });
}

interface Commands {
  undo: (() => void) | null;
  close: (() => void) | null;
  corner: () => void;
  save: Saving;
  isOn: boolean;
}

function useRegionActions(commands: Commands): void {
  const now = useLatest(commands);
  const { isOn } = commands;
  const [canUndo, canClose] = [commands.undo !== null, commands.close !== null];
  useSaveAction(commands.save, isOn);
  useActions(
    useMemo<Action[]>(() => {
      if (!isOn) return [];
      const group = "Region";
      return [
        { id: "region-corner", title: "Add a corner", group, perform: () => now().corner() },
        {
          id: "region-close",
          title: "Close the region",
          group,
          keys: "c",
          unavailable: canClose ? null : "a region has at least three corners.",
          perform: () => now().close?.(),
        },
        {
          id: "region-undo",
          title: "Undo",
          group,
          keys: "mod+z",
          unavailable: canUndo ? null : "nothing was drawn.",
          perform: () => now().undo?.(),
        },
      ];
    }, [now, isOn, canUndo, canClose]),
  );
}
