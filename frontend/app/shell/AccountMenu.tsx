import { Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { Link } from "react-router";
import { Icon, type IconName } from "@/components/Icon";
import { useSession } from "@/features/session/api/getSession";
import classes from "./menus.module.css";

const SCHEMES = [
  { scheme: "light", title: "Light", icon: "sun" },
  { scheme: "dark", title: "Dark", icon: "moon" },
  { scheme: "auto", title: "As the computer", icon: "screen" },
] as const satisfies readonly { scheme: string; title: string; icon: IconName }[];

export function AccountMenu({ onSignOut }: { onSignOut: () => void }) {
  const { data } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const user = data?.user;
  if (!user) return null;
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <UnstyledButton className={classes.target} aria-label={`Account of ${user.username}`}>
          <Icon name="person" />
          {user.username}
          <Icon name="chevron" size={12} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user.username}, {user.role}
        </Menu.Label>
        <Menu.Item component={Link} to="/account/tokens" leftSection={<Icon name="key" />}>
          Access tokens
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Theme</Menu.Label>
        {SCHEMES.map(({ scheme, title, icon }) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon name={icon} />}
            rightSection={colorScheme === scheme ? <Icon name="check" /> : undefined}
            onClick={() => setColorScheme(scheme)}
          >
            {title}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="out" />} onClick={onSignOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
