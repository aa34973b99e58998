import "@mantine/core/styles.css";
import "@mantine/spotlight/styles.css";
import "@mantine/notifications/styles.css";
import "./global.css";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import { askAhead } from "./askAhead";
import { createQueryClient } from "./queryClient";
import { loadOtherPages, router } from "./router";
import { ConnectionBanner } from "./shell/ConnectionBanner";
import { cssVariables, theme } from "./theme";

/** By then the first page has its pictures. */
const OTHERS_MS = 3000;

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

const queries = createQueryClient();
askAhead(queries, window.location.pathname);
window.addEventListener("load", () => window.setTimeout(loadOtherPages, OTHERS_MS));

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-right" />
        <RouterProvider router={router} />
        <ConnectionBanner />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
