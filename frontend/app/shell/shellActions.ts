import type { MantineColorScheme } from "@mantine/core";
import { useMantineColorScheme } from "@mantine/core";
import { spotlight } from "@mantine/spotlight";
import { useMemo } from "react";
import { type NavigateFunction, useNavigate } from "react-router";
import type { Action } from "@/lib/actions/action";
import { useActions } from "@/lib/actions/useActions";

const SCHEMES: readonly { scheme: MantineColorScheme; title: string }[] = [
  { scheme: "light", title: "Light theme" },
  { scheme: "dark", title: "Dark theme" },
  { scheme: "auto", title: "Theme of the computer" },
];

function goActions(navigate: NavigateFunction): Action[] {
  const to = (id: string, title: string, keys: string, path: string): Action => ({
    id: `go-${id}`,
    title,
    group: "Go to",
    keys,
    perform: () => void navigate(path),
  });
  return [
    to("scenes", "Scenes", "g>s", "/scenes"),
    to("jobs", "Jobs", "g>j", "/jobs"),
    to("tokens", "Access tokens", "g>t", "/account/tokens"),
  ];
}

function sceneActions(navigate: NavigateFunction, sceneId: string): Action[] {
  const to = (id: string, title: string, keys: string, path: string): Action => ({
    id: `scene-${id}`,
    title,
    group: "This scene",
    keys,
    perform: () => void navigate(`/scenes/${sceneId}${path}`),
  });
  return [
    to("overview", "Overview: cameras", "g>o", ""),
    to("review", "Review: same vehicle or not?", "g>v", "/review"),
    to("identities", "Identities", "g>i", "/identities"),
    to("search", "Search: what looks alike", "g>f", "/search"),
    to("timeline", "Space and time: cameras as lanes", "g>d", "/timeline"),
    to("map", "Map", "g>m", "/map"),
    to("history", "History: who decided what", "g>h", "/history"),
    to("hidden", "Hidden tracklets, to show them again", "g>x", "/hidden"),
    to("videos", "Videos: what there is, and upload", "g>u", "/videos"),
    to("setup", "Set-up: regions, calibration, links", "g>c", "/setup"),
    to("runs", "Runs and scores", "g>r", "/runs"),
    to("labels", "Labels: sets, exports, imports", "g>l", "/labels"),
    to("training", "Training and models", "g>a", "/training"),
  ];
}

/** What can be done on every page. */
export function useShellActions(openKeys: () => void, signOut: () => void, sceneId: string | null): void {
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const actions = useMemo<Action[]>(
    () => [
      ...goActions(navigate),
      ...(sceneId ? sceneActions(navigate, sceneId) : []),
      {
        id: "palette",
        title: "Find an action",
        group: "Everywhere",
        keys: "mod+k",
        inFields: true,
        keysOnly: true,
        perform: spotlight.toggle,
      },
      { id: "keys", title: "Keys on this page", group: "Everywhere", keys: "shift+?", perform: openKeys },
      ...SCHEMES.map(({ scheme, title }) => ({
        id: `theme-${scheme}`,
        title,
        group: "Everywhere",
        perform: () => setColorScheme(scheme),
      })),
      { id: "sign-out", title: "Sign out", group: "Everywhere", perform: signOut },
    ],
    [navigate, sceneId, openKeys, signOut, setColorScheme],
  );
  useActions(actions);
}
