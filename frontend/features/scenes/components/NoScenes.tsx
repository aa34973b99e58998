import { Code } from "@mantine/core";
import { EmptyState } from "@/components/EmptyState";

export function NoScenes({ mayCreate }: { mayCreate: boolean }) {
  if (!mayCreate) {
    return (
      <EmptyState title="No scenes yet">
        A scene is a place watched by several cameras. Ask a manager to make you a member of one.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No scenes yet">
      A scene is a place watched by several cameras. Import a folder of videos on the server:
      <br />
      <Code>python manage.py import_scene FOLDER</Code>
      <br />
      or make an empty scene with the button above.
    </EmptyState>
  );
}
