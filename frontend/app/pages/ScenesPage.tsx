import { Page } from "@/components/Page";
import { NewScene } from "@/features/scenes/components/NewScene";
import { SceneCards } from "@/features/scenes/components/SceneCards";
import { useSession } from "@/features/session/api/getSession";
import { atLeast } from "@/lib/roles";

export function ScenesPage() {
  const { data } = useSession();
  const mayCreate = atLeast(data?.user?.role, "manager");
  return (
    <Page title="Scenes" tools={mayCreate && <NewScene />}>
      <SceneCards mayCreate={mayCreate} />
    </Page>
  );
}
