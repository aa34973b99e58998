import {
  Button,
  type CSSVariablesResolver,
  createTheme,
  Drawer,
  type MantineColorsTuple,
  Modal,
} from "@mantine/core";

/** From text (0) to the deepest background (9). */
const dark: MantineColorsTuple = [
  "#dde3ea",
  "#bcc5cf",
  "#94a0ad",
  "#5f6b78",
  "#2d3640",
  "#232b34",
  "#161c24",
  "#0d1117",
  "#090c11",
  "#05070a",
];

const sky: MantineColorsTuple = [
  "#e8f3ff",
  "#cfe4ff",
  "#a1c9ff",
  "#79b8ff",
  "#58a6ff",
  "#3d93f5",
  "#2f81e6",
  "#1f6fd0",
  "#175fb8",
  "#0f4c97",
];

export const theme = createTheme({
  colors: { dark, sky },
  primaryColor: "sky",
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  defaultRadius: "sm",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", "DejaVu Sans", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "DejaVu Sans Mono", Menlo, monospace',
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  headings: { fontWeight: "650" },
  components: {
    Button: Button.extend({ defaultProps: { size: "xs" } }),
    Modal: Modal.extend({ defaultProps: { closeButtonProps: { "aria-label": "Close" } } }),
    Drawer: Drawer.extend({ defaultProps: { closeButtonProps: { "aria-label": "Close" } } }),
  },
});

/** The few colours of our own that both schemes need; contrast is at least 4.5 for text on its ground. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#f5f7f9",
    "--mantine-color-dimmed": "#56616c",
    "--mantine-color-anchor": "#0f5cb8",
    "--mantine-color-error": "#b42318",
    "--ct-panel": "#ffffff",
    "--ct-sunken": "#e9edf1",
    "--ct-line": "#d6dce2",
    "--ct-accent": "#175fb8",
    "--ct-good": "#116329",
    "--ct-warn": "#9a5b00",
    "--ct-bad": "#a3200f",
    "--ct-idle": "#7b8792",
    "--ct-track": "#cfd7df",
  },
  dark: {
    "--mantine-color-dimmed": "#94a0ad",
    "--mantine-color-anchor": "#79b8ff",
    "--mantine-color-error": "#ff8a80",
    "--ct-panel": "#12171e",
    "--ct-sunken": "#090c11",
    "--ct-line": "#232b34",
    "--ct-accent": "#58a6ff",
    "--ct-good": "#4ac26b",
    "--ct-warn": "#e3a13b",
    "--ct-bad": "#ff7b72",
    "--ct-idle": "#7d8996",
    "--ct-track": "#2d3640",
  },
});
