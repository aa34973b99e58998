import { Button } from "@mantine/core";
import { Link, useParams, useSearchParams } from "react-router";
import { Icon } from "./Icon";

type Props = { tracklet: number; label?: string } | { identity: number; label?: string };

/** The way to the search for what looks like a tracklet or an identity, in the run that is looked at. */
export function FindSimilar(props: Props) {
  const { sceneId } = useParams();
  const run = useSearchParams()[0].get("run");
  if (sceneId === undefined) return null;
  const about = "tracklet" in props ? { tracklet: props.tracklet } : { identity: props.identity };
  const place = new URLSearchParams(Object.entries(about).map(([name, value]) => [name, String(value)]));
  if (run !== null) place.set("run", run);
  return (
    <Button
      component={Link}
      to={`/scenes/${sceneId}/search?${place}`}
      size="compact-xs"
      variant="default"
      leftSection={<Icon name="search" size={10} />}
      aria-label={props.label ?? "Find similar"}
    >
      Find similar
    </Button>
  );
}
