import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const here = fileURLToPath(new URL(".", import.meta.url));
const server = process.env.CROSSTRACK_SERVER ?? "http://127.0.0.1:8000";

export default defineConfig(({ command }) => ({
  // Django serves the built files below its static address; the development server has them at the root.
  base: command === "build" ? "/static/app/" : "/",
  plugins: [react()],
  resolve: { alias: { "@": here } },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    cssCodeSplit: false,
    // A file for each page and one for what pages share: dozens of small ones take longer than they save.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "shared", minShareCount: 2 }] } } },
  },
  server: { proxy: { "/api": server } },
  test: {
    // Component tests (.test.tsx) ask for jsdom themselves; the rest needs no page and starts much faster without.
    environment: "node",
    include: ["{app,features,components,lib}/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    // Component tests share the machine with others; a slow one is not a wrong one.
    testTimeout: 90_000,
  },
}));
