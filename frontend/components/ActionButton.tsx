import { ActionIcon, Button, Tooltip } from "@mantine/core";
import type { MouseEvent, ReactNode } from "react";
import type { Action } from "@/lib/actions/action";
import { registry } from "@/lib/actions/registry";
import { useAllActions } from "@/lib/actions/useActions";
import { Icon, type IconName } from "./Icon";
import { KeyCaps } from "./KeyCaps";

/** A click leaves the focus where it was: the space bar must not press the button that was clicked last. */
function keepFocus(event: MouseEvent): void {
  event.preventDefault();
}

function Hint({ action }: { action: Action }) {
  return (
    <>
      {action.unavailable ? `${action.title}: ${action.unavailable}` : action.title}{" "}
      {action.keys && <KeyCaps keys={action.keys} />}
    </>
  );
}

interface Props {
  /** The id of an action; where it is not offered just now there is no button. */
  action: string;
  /** An icon alone is named by the action's title. */
  icon?: IconName;
  /** What stands on it, if not the title. */
  children?: ReactNode;
  /** Whether it is switched on. */
  pressed?: boolean;
  /** Its first key stands beside the words, for what is pressed all day. */
  withKey?: boolean;
  /** What the page is there for stands out. */
  primary?: boolean;
  /** It is being done. */
  loading?: boolean;
}

/** A button made from the registry: its name, its key, whether it can be pressed and, if not, why. */
export function ActionButton({
  action: id,
  icon,
  children,
  pressed,
  withKey,
  primary,
  loading = false,
}: Props) {
  const action = useAllActions().find((one) => one.id === id);
  if (!action) return null;
  const [key] = action.keys?.split(",") ?? [];
  const shared = {
    variant: primary ? "filled" : pressed ? "light" : "default",
    "data-disabled": Boolean(action.unavailable) || undefined,
    "aria-disabled": Boolean(action.unavailable),
    "aria-pressed": pressed,
    onMouseDown: keepFocus,
    onClick: () => registry.perform(action),
  } as const;
  return (
    <Tooltip label={<Hint action={action} />} multiline maw={320} openDelay={300}>
      {icon && !children && !withKey ? (
        <ActionIcon size="md" aria-label={action.title} {...shared}>
          <Icon name={icon} />
        </ActionIcon>
      ) : (
        <Button
          size={primary ? "xs" : "compact-xs"}
          loading={loading}
          leftSection={icon && <Icon name={icon} size={primary ? 16 : 12} />}
          rightSection={withKey && key && <KeyCaps keys={key} />}
          {...shared}
        >
          {children ?? action.title}
        </Button>
      )}
    </Tooltip>
  );
}
