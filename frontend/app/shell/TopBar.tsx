import { Kbd, Tooltip, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { spotlight } from "@mantine/spotlight";
import { Link, NavLink } from "react-router";
import { AccountMenu } from "./AccountMenu";
import { useOpenScene } from "./openScene";
import { SceneMenu } from "./SceneMenu";
import classes from "./TopBar.module.css";

function Tab({ to, end, children }: { to: string; end?: boolean; children: string }) {
  return (
    <NavLink
      to={to}
      end={end ?? false}
      className={({ isActive }) => `${classes.tab} ${isActive ? classes.active : ""}`}
    >
      {children}
    </NavLink>
  );
}

export function TopBar({ onKeys, onSignOut }: { onKeys: () => void; onSignOut: () => void }) {
  const { sceneId, shared } = useOpenScene();
  return (
    <header className={classes.bar}>
      <Link to="/scenes" className={classes.brand}>
        Crosstrack
      </Link>
      <nav className={classes.nav} aria-label="Main">
        {sceneId ? (
          <>
            <SceneMenu sceneId={Number(sceneId)} />
            <Tab to={`/scenes/${sceneId}${shared}`} end>
              Overview
            </Tab>
            <Tab to={`/scenes/${sceneId}/review`}>Review</Tab>
            <Tab to={`/scenes/${sceneId}/identities${shared}`}>Identities</Tab>
            <Tab to={`/scenes/${sceneId}/search${shared}`}>Search</Tab>
            <Tab to={`/scenes/${sceneId}/timeline${shared}`}>Time</Tab>
            <Tab to={`/scenes/${sceneId}/map${shared}`}>Map</Tab>
            <Tab to={`/scenes/${sceneId}/history`}>History</Tab>
            <Tab to={`/scenes/${sceneId}/videos`}>Videos</Tab>
            <Tab to={`/scenes/${sceneId}/setup`}>Set-up</Tab>
            <Tab to={`/scenes/${sceneId}/runs`}>Runs</Tab>
            <Tab to={`/scenes/${sceneId}/labels`}>Labels</Tab>
            <Tab to={`/scenes/${sceneId}/training`}>Training</Tab>
          </>
        ) : (
          <Tab to="/scenes">Scenes</Tab>
        )}
        <Tab to={sceneId ? `/jobs?scene=${sceneId}` : "/jobs"}>Jobs</Tab>
      </nav>
      <div className={classes.tools}>
        <Tooltip label="Find an action">
          <UnstyledButton className={classes.tool} onClick={spotlight.open}>
            <VisuallyHidden>Find an action</VisuallyHidden>
            <Kbd size="xs">Ctrl K</Kbd>
          </UnstyledButton>
        </Tooltip>
        <Tooltip label="Keys on this page">
          <UnstyledButton className={classes.tool} onClick={onKeys}>
            <VisuallyHidden>Keys on this page</VisuallyHidden>
            <Kbd size="xs">?</Kbd>
          </UnstyledButton>
        </Tooltip>
        <AccountMenu onSignOut={onSignOut} />
      </div>
    </header>
  );
}
