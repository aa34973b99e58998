import { createBrowserRouter, Navigate, type RouteObject } from "react-router";
import { BrokenPage } from "./pages/BrokenPage";
import { CameraPage } from "./pages/CameraPage";
import { HiddenPage } from "./pages/HiddenPage";
import { HistoryPage } from "./pages/HistoryPage";
import { IdentitiesPage } from "./pages/IdentitiesPage";
import { JobsPage } from "./pages/JobsPage";
import { LabelsPage } from "./pages/LabelsPage";
import { LostPage } from "./pages/LostPage";
import { MapPage } from "./pages/MapPage";
import { ReviewPage } from "./pages/ReviewPage";
import { RunsPage } from "./pages/RunsPage";
import { ScenePage } from "./pages/ScenePage";
import { ScenesPage } from "./pages/ScenesPage";
import { SearchPage } from "./pages/SearchPage";
import { SetupPage } from "./pages/SetupPage";
import { SignInPage } from "./pages/SignInPage";
import { TimelinePage } from "./pages/TimelinePage";
import { TokensPage } from "./pages/TokensPage";
import { TrainingPage } from "./pages/TrainingPage";
import { VideosPage } from "./pages/VideosPage";
import { Shell } from "./shell/Shell";
import { SignedIn } from "./shell/SignedIn";

const pages: RouteObject[] = [
  { index: true, element: <Navigate to="/scenes" replace /> },
  { path: "scenes", element: <ScenesPage /> },
  { path: "scenes/:sceneId", element: <ScenePage /> },
  { path: "scenes/:sceneId/cameras/:cameraId", element: <CameraPage /> },
  { path: "scenes/:sceneId/review", element: <ReviewPage /> },
  { path: "scenes/:sceneId/history", element: <HistoryPage /> },
  { path: "scenes/:sceneId/hidden", element: <HiddenPage /> },
  { path: "scenes/:sceneId/identities", element: <IdentitiesPage /> },
  { path: "scenes/:sceneId/search", element: <SearchPage /> },
  { path: "scenes/:sceneId/timeline", element: <TimelinePage /> },
  { path: "scenes/:sceneId/map", element: <MapPage /> },
  { path: "scenes/:sceneId/labels", element: <LabelsPage /> },
  { path: "scenes/:sceneId/runs", element: <RunsPage /> },
  { path: "scenes/:sceneId/runs/:runId", element: <RunsPage /> },
  { path: "scenes/:sceneId/setup", element: <SetupPage /> },
  { path: "scenes/:sceneId/training", element: <TrainingPage /> },
  { path: "scenes/:sceneId/training/:trainingId", element: <TrainingPage /> },
  { path: "scenes/:sceneId/videos", element: <VideosPage /> },
  { path: "jobs", element: <JobsPage /> },
  { path: "account/tokens", element: <TokensPage /> },
  { path: "*", element: <LostPage /> },
];

export const router = createBrowserRouter([
  { path: "/sign-in", element: <SignInPage />, errorElement: <BrokenPage /> },
  {
    element: <SignedIn />,
    errorElement: <BrokenPage />,
    children: [{ element: <Shell />, children: pages }],
  },
]);
