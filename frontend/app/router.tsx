import { createBrowserRouter, Navigate, type RouteObject } from "react-router";
import { type Load, loadInTime, loadPage } from "./loadPage";
import { BrokenPage } from "./pages/BrokenPage";
import { LostPage } from "./pages/LostPage";
import { SignInPage } from "./pages/SignInPage";
import { Shell } from "./shell/Shell";
import { SignedIn, Waiting } from "./shell/SignedIn";

/** Every page is a file of its own: the first one on screen does not wait for the others. */
const PAGES: Readonly<Record<string, Load>> = {
  scenes: async () => (await import("./pages/ScenesPage")).ScenesPage,
  "scenes/:sceneId": async () => (await import("./pages/ScenePage")).ScenePage,
  "scenes/:sceneId/cameras/:cameraId": async () => (await import("./pages/CameraPage")).CameraPage,
  "scenes/:sceneId/review": async () => (await import("./pages/ReviewPage")).ReviewPage,
  "scenes/:sceneId/history": async () => (await import("./pages/HistoryPage")).HistoryPage,
  "scenes/:sceneId/hidden": async () => (await import("./pages/HiddenPage")).HiddenPage,
  "scenes/:sceneId/identities": async () => (await import("./pages/IdentitiesPage")).IdentitiesPage,
  "scenes/:sceneId/search": async () => (await import("./pages/SearchPage")).SearchPage,
  "scenes/:sceneId/timeline": async () => (await import("./pages/TimelinePage")).TimelinePage,
  "scenes/:sceneId/map": async () => (await import("./pages/MapPage")).MapPage,
  "scenes/:sceneId/labels": async () => (await import("./pages/LabelsPage")).LabelsPage,
  "scenes/:sceneId/runs": async () => (await import("./pages/RunsPage")).RunsPage,
  "scenes/:sceneId/runs/:runId": async () => (await import("./pages/RunsPage")).RunsPage,
  "scenes/:sceneId/setup": async () => (await import("./pages/SetupPage")).SetupPage,
  "scenes/:sceneId/training": async () => (await import("./pages/TrainingPage")).TrainingPage,
  "scenes/:sceneId/training/:trainingId": async () => (await import("./pages/TrainingPage")).TrainingPage,
  "scenes/:sceneId/videos": async () => (await import("./pages/VideosPage")).VideosPage,
  jobs: async () => (await import("./pages/JobsPage")).JobsPage,
  "account/tokens": async () => (await import("./pages/TokensPage")).TokensPage,
};

const pages: RouteObject[] = Object.entries(PAGES).map(([path, load]) => ({
  path,
  lazy: async () => ({ Component: await loadPage(load) }),
}));

export const router = createBrowserRouter([
  { path: "/sign-in", element: <SignInPage />, errorElement: <BrokenPage /> },
  {
    element: <SignedIn />,
    errorElement: <BrokenPage />,
    HydrateFallback: Waiting,
    children: [
      {
        element: <Shell />,
        children: [
          { index: true, element: <Navigate to="/scenes" replace /> },
          ...pages,
          { path: "*", element: <LostPage /> },
        ],
      },
    ],
  },
]);

export function loadOtherPages(): void {
  void loadInTime(Object.values(PAGES));
}
