import { Spotlight, type SpotlightActionGroupData } from "@mantine/spotlight";
import { grouped, registry } from "@/lib/actions/registry";
import { useAllActions } from "@/lib/actions/useActions";
import { KeyCaps } from "./KeyCaps";

/** Ctrl-K: every action by name, from the same registry as the keys. */
export function Palette() {
  const offered = useAllActions().filter((action) => !action.keysOnly);
  const groups: SpotlightActionGroupData[] = grouped(offered).map(([group, actions]) => ({
    group,
    actions: actions.map((action) => ({
      id: action.id,
      label: action.title,
      ...(action.unavailable ? { description: action.unavailable } : {}),
      onClick: () => registry.perform(action),
      rightSection: action.keys ? <KeyCaps keys={action.keys} /> : undefined,
    })),
  }));
  return (
    <Spotlight
      actions={groups}
      shortcut={null}
      attributes={{ content: { "aria-label": "Actions" } }}
      highlightQuery
      scrollable
      maxHeight={420}
      nothingFound="No action of that name on this page"
      searchProps={{ placeholder: "What do you want to do?", "aria-label": "Find an action" }}
    />
  );
}
