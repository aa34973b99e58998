import { IdentityPanel } from "@/features/identities/components/IdentityPanel";
import type { Camera } from "@/features/scenes/api/getCameras";
import type { Scene } from "@/features/scenes/api/getScene";
import classes from "./SpacePage.module.css";
import { useIdentityEdits } from "./useIdentityEdits";
import { useIdentityJourney } from "./useIdentityJourney";
import { useReadTime } from "./useReadTime";

interface Props {
  scene: Scene;
  runId: number;
  number: number;
  cameras: readonly Camera[];
  onSelect: (number: number | null) => void;
  onWatch: (time: number, camera: number) => void;
  /** Whether its way is drawn on a map of its own. */
  withMap: boolean;
}

/** The identity that was picked, beside the diagram or the map. */
export function SideIdentity({ scene, runId, number, cameras, onSelect, onWatch, withMap }: Props) {
  const readTime = useReadTime(scene);
  const journey = useIdentityJourney(scene.id, runId, number, cameras, withMap);
  const edits = useIdentityEdits(scene, runId, number, onSelect);
  return (
    <aside className={classes.side} aria-label={`Identity ${number}`}>
      <IdentityPanel
        runId={runId}
        number={number}
        cameras={cameras}
        readTime={readTime}
        onJump={onWatch}
        onClose={() => onSelect(null)}
        edits={edits}
        journey={journey}
      />
    </aside>
  );
}
