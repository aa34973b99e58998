import { SegmentedControl } from "@mantine/core";
import { Link } from "react-router";
import { isKind, KIND_NAMES, KIND_SAYS, KINDS, type ModelKind } from "@/lib/modelKinds";
import { ModelList } from "./ModelList";
import { PromotionList } from "./PromotionList";
import classes from "./training.module.css";

interface Props {
  sceneId: number;
  kind: ModelKind;
  onKind: (kind: ModelKind) => void;
  labels: boolean;
  manages: boolean;
}

/** The scene's models, one kind of them at a time: the embeddings and the detectors have versions apart. */
export function ModelParts({ sceneId, kind, onKind, labels, manages }: Props) {
  return (
    <section aria-labelledby="models" className={classes.view}>
      <header className={classes.line}>
        <h2 id="models" className={classes.title}>
          Models
        </h2>
        <SegmentedControl
          size="xs"
          aria-label="Models of"
          data={KINDS.map((value) => ({ value, label: `${KIND_NAMES[value]}: ${KIND_SAYS[value]}` }))}
          value={kind}
          onChange={(value) => isKind(value) && onKind(value)}
        />
      </header>
      <p className={classes.quiet}>
        {kind === "embedding" ? (
          <>
            Promoting one starts a run that describes and matches anew what was found; vehicles are found and
            followed as before. All decisions are kept.
          </>
        ) : (
          <>
            Promoting one starts a run that finds everything anew in all videos, which takes as long as a
            first run. A decision is kept where the run finds its vehicles again;{" "}
            <Link to={`/scenes/${sceneId}/history`}>History</Link> lists those that it does not.
          </>
        )}
      </p>
      <ModelList key={kind} {...{ sceneId, kind, labels, manages }} />
      <PromotionList {...{ sceneId, kind }} />
    </section>
  );
}
