/** Line icons on a 16 x 16 grid, in the colour of the text around them. */
const SHAPES = {
  play: "M5 3.2v9.6l7.5-4.8z",
  pause: "M5 3v10M11 3v10",
  stepBack: "M11.5 4v8l-6-4zM4 4v8",
  stepForward: "M4.5 4v8l6-4zM12 4v8",
  enlarge: "M9.5 2.5h4v4M13.5 2.5l-4.5 4.5M6.5 13.5h-4v-4M2.5 13.5l4.5-4.5",
  shrink: "M13 6.5H9.5V3M9.5 6.5l4-4M3 9.5h3.5V13M6.5 9.5l-4 4",
  close: "M4 4l8 8M12 4l-8 8",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.4 10.4l3.1 3.1",
  sun: "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.5v1.6M8 12.9v1.6M1.5 8h1.6M12.9 8h1.6M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M12.6 3.4l-1.1 1.1M4.5 11.5l-1.1 1.1",
  moon: "M13 9.6A5.6 5.6 0 0 1 6.4 3a5.6 5.6 0 1 0 6.6 6.6z",
  screen: "M2.5 3.5h11v7.5h-11zM6 13.5h4M8 11v2.5",
  person: "M8 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 13.5c.6-2.4 2.6-3.6 5-3.6s4.4 1.2 5 3.6",
  key: "M5.2 12.2a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.400zM7.2 7.5l5.8-5M10.5 4.7l1.8 1.9",
  out: "M6.5 2.5h-4v11h4M10 5l3 3-3 3M13 8H6",
  retry: "M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3",
  camera: "M2 5h8v6.5H2zM10 7.5l4-2v6l-4-2",
  warning: "M8 2.5l6 10.5H2zM8 6.5v3M8 11.2v.2",
  check: "M3 8.5l3.2 3L13 4.8",
  chevron: "M4.5 6.5L8 10l3.5-3.5",
  arrow: "M3 8h10M9 4l4 4-4 4",
  pencil: "M10.8 2.7l2.5 2.5-7.8 7.8-3 .5.5-3zM9.3 4.2l2.5 2.5",
  plus: "M8 3v10M3 8h10",
} as const;

export type IconName = keyof typeof SHAPES;

const FILLED: ReadonlySet<IconName> = new Set<IconName>(["play", "stepBack", "stepForward"]);

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill={FILLED.has(name) ? "currentColor" : "none"}
      stroke="currentColor"
      strokeWidth={1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={SHAPES[name]} />
    </svg>
  );
}
