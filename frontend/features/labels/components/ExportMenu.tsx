import { Button, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { sentenceOf } from "@/lib/api/problem";
import { useCreateLabelExport } from "../api/createLabelExport";
import type { LabelExport } from "../api/getLabelExports";
import { FORMATS } from "../words";

interface Props {
  sceneId: number;
  what: { label_set: number } | { run: number };
  label?: string;
}

/** Write a label set or a run into files of another tool's format. */
export function ExportMenu({ sceneId, what, label = "Export" }: Props) {
  const create = useCreateLabelExport(sceneId);

  function start(format: LabelExport["format"]): void {
    create.mutate(
      { ...what, format },
      { onError: (error) => notifications.show({ color: "red", message: sentenceOf(error) }) },
    );
  }

  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button size="compact-xs" variant="default" loading={create.isPending}>
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map(({ value, label: words }) => (
          <Menu.Item key={value} onClick={() => start(value)}>
            {words}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
