import type { Run } from "./api/getRun";

export type StageProgress = Run["progress"]["stages"][number];
export type Stage = StageProgress["stage"];

/** In the order in which they run. */
export const STAGES: readonly { stage: Stage; title: string }[] = [
  { stage: "detect", title: "find vehicles" },
  { stage: "track", title: "follow" },
  { stage: "embed", title: "describe" },
  { stage: "match", title: "match across cameras" },
  { stage: "evaluate", title: "score" },
];

export interface MatrixRow {
  readonly camera: number;
  readonly name: string;
  readonly cells: readonly (StageProgress | null)[];
}

export interface Matrix {
  readonly perCamera: readonly { stage: Stage; title: string }[];
  readonly rows: readonly MatrixRow[];
  /** Stages over all cameras. */
  readonly overall: readonly { title: string; cell: StageProgress }[];
}

/** A run's stages as a table: one row a camera, and the stages that are over all cameras beside it. */
export function stageMatrix(stages: readonly StageProgress[]): Matrix {
  const perCamera = STAGES.filter(({ stage }) =>
    stages.some((cell) => cell.stage === stage && cell.camera !== null),
  );
  const cameras = new Map(
    stages.flatMap((cell) => (cell.camera === null ? [] : [[cell.camera, cell.camera_name ?? ""]])),
  );
  return {
    perCamera,
    rows: [...cameras].map(([camera, name]) => ({
      camera: Number(camera),
      name: String(name),
      cells: perCamera.map(
        ({ stage }) => stages.find((cell) => cell.stage === stage && cell.camera === camera) ?? null,
      ),
    })),
    overall: STAGES.flatMap(({ stage, title }) => {
      const cell = stages.find((candidate) => candidate.stage === stage && candidate.camera === null);
      return cell ? [{ title, cell }] : [];
    }),
  };
}

/** How far a cell is, 0 to 1; a finished one is at 1 whatever its counters say. */
export function fractionDone({
  state,
  done,
  total,
}: Pick<StageProgress, "state" | "done" | "total">): number {
  if (state === "succeeded") return 1;
  return total ? Math.min(1, done / total) : 0;
}
