import { Menu, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { Link } from "react-router";
import { Icon } from "@/components/Icon";
import { useScene } from "@/features/scenes/api/getScene";
import { useScenes } from "@/features/scenes/api/getScenes";
import classes from "./menus.module.css";

/** The scene that is open, and the way to another one. */
export function SceneMenu({ sceneId }: { sceneId: number }) {
  const scene = useScene(sceneId);
  const scenes = useScenes();
  const others = scenes.data?.pages.flatMap((page) => page.results).filter(({ id }) => id !== sceneId) ?? [];
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <UnstyledButton className={`${classes.target} ${classes.scene}`}>
          <VisuallyHidden>Scene</VisuallyHidden>
          <span>{scene.data?.name ?? "Scene"}</span>
          <Icon name="chevron" size={12} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {others.slice(0, 12).map((other) => (
          <Menu.Item key={other.id} component={Link} to={`/scenes/${other.id}`}>
            {other.name}
          </Menu.Item>
        ))}
        {others.length > 0 && <Menu.Divider />}
        <Menu.Item component={Link} to="/scenes">
          All scenes
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
