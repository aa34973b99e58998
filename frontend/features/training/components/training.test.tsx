// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { useState } from "react";
import { expect, test } from "vitest";
import { problem, server, show } from "@/app/testing/page";
import type { ModelKind } from "@/lib/modelKinds";
import type { Model } from "../api/getModels";
import type { TrainingDetail } from "../api/getTraining";
import { ModelList } from "./ModelList";
import { ModelParts } from "./ModelParts";
import { NewTraining } from "./NewTraining";
import { TrainingView } from "./TrainingView";

const SHIPPED: Model = {
  kind: "embedding",
  number: 1,
  state: "active",
  id: null,
  training: null,
  label_set: null,
  label_set_sha256: null,
  recipe: null,
  began_with: null,
  sha256: null,
  size: null,
  card: null,
  comparison: null,
  comparison_job: null,
  comparing: false,
  comparison_problem: "",
  created_at: null,
};
const CANDIDATE: Model = {
  ...SHIPPED,
  number: 2,
  state: "candidate",
  id: 9,
  training: 1,
  label_set: 4,
  recipe: "scene",
  began_with: 1,
  sha256: "ab".repeat(32),
};
const TRAINING: TrainingDetail = {
  id: 5,
  scene: 3,
  trains: "embedding",
  number: 1,
  label_set: 70,
  label_set_number: 4,
  recipe: "scene",
  start: 1,
  epochs: 20,
  minutes: 30,
  job: 8,
  state: "running",
  problem: "",
  stopping: false,
  version: null,
  created_by: "ann",
  created_at: "2026-01-01T00:00:00Z",
  samples: [],
  found_pictures: [],
};

function span(value: number, low: number, high: number) {
  return { value, low, high };
}

const DETECTOR: Model = { ...CANDIDATE, kind: "detector", recipe: "scene-detector" };

/** The scene's models, of whatever kind is asked for, and no promotion. */
function models(...all: Model[]): void {
  const wanted = (request: Request) => new URL(request.url).searchParams.get("kind");
  server.use(
    http.get("*/api/v1/scenes/3/models", ({ request }) =>
      HttpResponse.json(all.filter(({ kind }) => kind === wanted(request))),
    ),
    http.get("*/api/v1/scenes/3/promotions", () => HttpResponse.json({ results: [], next: null })),
  );
}

function training(changes: Partial<TrainingDetail>, points: unknown[] = []): void {
  server.use(
    http.get("*/api/v1/trainings/5", () => HttpResponse.json({ ...TRAINING, ...changes })),
    http.get("*/api/v1/trainings/5/points", () => HttpResponse.json(points)),
  );
}

function choices(): void {
  const statistics = { shared_identities: 12, held_identities: 3, tracklets: 40, boxes: 900 };
  const sets = [
    { id: 71, number: 5, name: "", statistics: { ...statistics, other_tracklets: 7 } },
    { id: 70, number: 4, name: "first day", statistics },
  ];
  models(
    { ...SHIPPED, state: "archived" },
    { ...CANDIDATE, state: "active" },
    { ...SHIPPED, kind: "detector" },
  );
  const recipes = [
    { name: "quick", trains: "embedding", title: "Quick", description: "Seconds.", epochs: 1 },
    { name: "scene", trains: "embedding", title: "Thorough", description: "Minutes.", epochs: 20 },
    { name: "scene-detector", trains: "detector", title: "Finding", description: "Long.", epochs: 8 },
  ];
  server.use(
    http.get("*/api/v1/training-recipes", () => HttpResponse.json(recipes)),
    http.get("*/api/v1/scenes/3/label-sets", () => HttpResponse.json({ results: sets, next: null })),
    http.get("*/api/v1/scenes/3/training-budget", () => HttpResponse.json({ minutes: 30 })),
    http.get("*/api/v1/training-estimate", ({ request }) => {
      const recipe = new URL(request.url).searchParams.get("recipe");
      return HttpResponse.json({ seconds: recipe === "scene" ? 240 : 5 });
    }),
  );
}

test("a training on the set that one came for is told how long it takes by its recipe, and started once", async () => {
  const asked: unknown[] = [];
  choices();
  server.use(
    http.post("*/api/v1/scenes/3/trainings", async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json({ ...TRAINING, state: "queued" }, { status: 201 });
    }),
  );
  const started: number[] = [];
  const props = { sceneId: 3, manages: false, onStarted: (id: number) => started.push(id) };
  show(<NewTraining {...props} wantedSet={70} />);
  await screen.findByText("The managers of this scene allow 30.");
  await screen.findByRole("button", { name: "Start the training, about 5 s" });
  await userEvent.click(screen.getByRole("radio", { name: /Thorough/ }));
  await userEvent.click(await screen.findByRole("button", { name: "Start the training, about 4 min" }));
  await waitFor(() => expect(started).toEqual([5]));
  expect(asked).toEqual([{ label_set: 70, recipe: "scene", minutes: 30, start: 2 }]);
});

test("a detector begins with a detector's weights, and learns from no set that does not say what else was seen", async () => {
  const asked: unknown[] = [];
  choices();
  server.use(
    http.post("*/api/v1/scenes/3/trainings", async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json({ ...TRAINING, trains: "detector" }, { status: 201 });
    }),
  );
  show(<NewTraining sceneId={3} manages={false} onStarted={() => {}} wantedSet={70} />);
  await userEvent.click(await screen.findByRole("radio", { name: /Finding/ }));
  const start = screen.getByRole("button", { name: /^Start the training/ });
  expect((await screen.findByRole("alert")).textContent).toContain("Make a new set");
  expect(start).toHaveProperty("disabled", true);
  await userEvent.click(screen.getByRole("combobox", { name: "Label set" }));
  await userEvent.click(await screen.findByRole("option", { name: "Set 5", hidden: true }));
  screen.getByText("900 boxes of 40 labelled tracklets; 7 others not taken for background.");
  await waitFor(() => expect(start).toHaveProperty("disabled", false));
  expect(screen.getByLabelText("Begin with the weights of", { selector: "input" })).toHaveProperty(
    "value",
    "Detector 1, which comes with Crosstrack",
  );
  await userEvent.click(start);
  await waitFor(() =>
    expect(asked).toEqual([{ label_set: 71, recipe: "scene-detector", minutes: 30, start: 1 }]),
  );
});

test("no training starts before it is known which model is active", async () => {
  choices();
  server.use(http.get("*/api/v1/scenes/3/models", () => problem(403, "forbidden", "No models for you.")));
  show(<NewTraining sceneId={3} manages onStarted={() => {}} wantedSet={70} />);
  expect((await screen.findByRole("alert")).textContent).toBe("No models for you.");
  expect(screen.getByRole("button", { name: /^Start the training/ })).toHaveProperty("disabled", true);
});

test("a set older than those that are listed is still the one that is trained on", async () => {
  choices();
  const statistics = { shared_identities: 7, held_identities: 1, tracklets: 20 };
  const oldest = { id: 12, number: 1, name: "the very first", statistics };
  server.use(http.get("*/api/v1/label-sets/12", () => HttpResponse.json(oldest)));
  show(<NewTraining sceneId={3} manages onStarted={() => {}} wantedSet={12} />);
  const field = await screen.findByRole<HTMLInputElement>("combobox", { name: "Label set" });
  expect(field.value).toBe("Set 1 the very first");
});

test("without a label set the way to one is shown", async () => {
  choices();
  server.use(http.get("*/api/v1/scenes/3/label-sets", () => HttpResponse.json({ results: [], next: null })));
  show(<NewTraining sceneId={3} manages onStarted={() => {}} wantedSet={null} />);
  await userEvent.click(screen.getByRole("button", { name: "New training" }));
  expect((await screen.findByRole("link", { name: "Make one" })).getAttribute("href")).toBe(
    "/scenes/3/labels",
  );
});

test("a training that goes on is stopped by its button and says what it has reached", async () => {
  const stopped: unknown[] = [];
  training({}, [
    {
      line: 0,
      step: 0,
      epoch: 0,
      weight: null,
      loss: null,
      held_map: 0.5,
      held_rank1: 0.6,
      pictures_per_s: null,
    },
    {
      line: 1,
      step: 1,
      epoch: null,
      weight: null,
      loss: 2.25,
      held_map: null,
      held_rank1: null,
      pictures_per_s: 30,
    },
  ]);
  server.use(
    http.post("*/api/v1/trainings/5/stop", () => {
      stopped.push(true);
      return HttpResponse.json({ ...TRAINING, stopping: true });
    }),
  );
  show(<TrainingView sceneId={3} trainingId={5} mayStop={(by) => by === "ann"} />);
  await screen.findByRole("img", { name: "Held vehicles: mAP 0.500, rank-1 0.600 at epoch 1" });
  screen.getByRole("img", { name: /^Loss: loss 2.250/ });
  await userEvent.click(screen.getByRole("button", { name: "Stop and keep the best" }));
  await screen.findByRole("button", { name: "Stopping" });
  expect(stopped).toHaveLength(1);
});

test("a training without epochs shows how vehicles are found by each weight that it tried", async () => {
  const rest = { epoch: null, loss: null, pictures_per_s: null };
  training({ epochs: 0 }, [
    { line: 0, step: 0, weight: 0, held_map: 0.5, held_rank1: 0.6, ...rest },
    { line: 1, step: 1, weight: 0.5, held_map: 0.625, held_rank1: 0.7, ...rest },
  ]);
  show(<TrainingView sceneId={3} trainingId={5} mayStop={() => false} />);
  await screen.findByRole("img", {
    name: /mAP 0.625, rank-1 0.700 at what a labelled picture counts .* 0.5$/,
  });
  expect(screen.queryByRole("img", { name: /^Loss/ })).toBeNull();
  expect(screen.queryByText(/0 epochs/)).toBeNull();
});

test("a detector's training shows what it finds in held frames, in figures and in pictures", async () => {
  const rest = { weight: null, loss: null, held_map: null, held_rank1: null, pictures_per_s: null };
  const picture = { camera: "c001", vehicles: 5, after: "/p/1.jpg" };
  const counts = { found_before: 3, found_after: 5, false_before: 1, false_after: 0 };
  const pictures = [120, 240, 360].map((frame) => ({
    ...picture,
    ...counts,
    frame,
    before: `/p/${frame}.jpg`,
  }));
  training({ trains: "detector", version: 2, found_pictures: pictures }, [
    { line: 0, step: 0, epoch: 0, held_ap50: 0.5, held_recall: 0.6, ...rest },
    { line: 1, step: 9, epoch: 1, held_ap50: 0.75, held_recall: 0.8, ...rest },
  ]);
  show(<TrainingView sceneId={3} trainingId={5} mayStop={() => false} />);
  await screen.findByRole("img", { name: "Held frames: AP50 0.750, recall 0.800 at epoch 1" });
  expect(screen.queryByText(/more to gain/)).toBeNull();
  screen.getByRole("img", { name: "c001, frame 120, before: 3 of 5 vehicles found, 1 false box" });
  screen.getByRole("img", { name: "c001, frame 120, after: 5 of 5 vehicles found" });
  await userEvent.click(screen.getByRole("button", { name: "Show all 3 frames" }));
  screen.getByRole("img", { name: /frame 360, after/ });
  const link = screen.getByRole("link", { name: "Detector 2" });
  expect(link.getAttribute("href")).toBe("/?models=detector#detector-2");
});

test("where a detector finds everything from the start, the page says what would teach it more", async () => {
  const rest = { weight: null, loss: null, held_map: null, held_rank1: null, pictures_per_s: null };
  training({ trains: "detector" }, [
    { line: 0, step: 0, epoch: 0, held_ap50: 1, held_recall: 1, ...rest },
    { line: 1, step: 9, epoch: 1, held_ap50: 0.9, held_recall: 0.9, ...rest },
  ]);
  show(<TrainingView sceneId={3} trainingId={5} mayStop={() => false} />);
  await screen.findByText(/There is more to gain where people have drawn what it misses/);
});

test("a training that failed says why, and nobody is offered to stop it", async () => {
  training({ state: "failed", problem: "The disk is full." });
  show(<TrainingView sceneId={3} trainingId={5} mayStop={() => true} />);
  expect((await screen.findByRole("alert")).textContent).toBe("The disk is full.");
  expect(screen.queryByRole("button", { name: /Stop/ })).toBeNull();
});

test("a comparison says better, worse or the same only where its span does", async () => {
  const comparison = {
    against: 1,
    label_set: 4,
    vehicles: 9,
    queries: 20,
    measures: [
      {
        name: "map",
        candidate: span(0.6, 0.5, 0.7),
        other: span(0.4, 0.3, 0.5),
        difference: span(0.2, 0.1, 0.3),
      },
      {
        name: "rank1",
        candidate: span(0.5, 0.4, 0.6),
        other: span(0.5, 0.4, 0.6),
        difference: span(0, 0, 0),
      },
      {
        name: "idf1",
        candidate: span(0.5, 0.4, 0.6),
        other: span(0.6, 0.5, 0.7),
        difference: span(-0.1, -0.2, 0.1),
      },
    ],
  } as const;
  models({ ...CANDIDATE, comparison: { ...comparison, measures: [...comparison.measures] } }, SHIPPED);
  show(<ModelList sceneId={3} kind="embedding" labels manages />);
  const rows = within(await screen.findByRole("article", { name: "Embedding 2" })).getAllByRole("row");
  const ends = rows.slice(1).map((row) => within(row).getAllByRole("cell")[2]?.textContent?.split(") ")[1]);
  expect(ends).toEqual(["▲ better", "= the same", "○ not sure"]);
});

test("why a comparison came to nothing is said, and its progress is a link while it goes on", async () => {
  const failed = {
    ...CANDIDATE,
    comparison_job: 12,
    comparison_problem: "The label set holds back no vehicle.",
  };
  models({ ...failed, comparing: true }, { ...failed, number: 3, id: 10 }, SHIPPED);
  show(<ModelList sceneId={3} kind="embedding" labels manages={false} />);
  const [going, ended] = [
    await screen.findByRole("article", { name: "Embedding 2" }),
    screen.getByRole("article", { name: "Embedding 3" }),
  ];
  expect(within(going).getByRole("link", { name: "Progress" }).getAttribute("href")).toBe(
    "/jobs?scene=3&job=12",
  );
  expect(within(ended).getByRole("alert").textContent).toContain("holds back no vehicle");
  expect(screen.queryByRole("button", { name: "Promote" })).toBeNull();
});

test("a promotion leads to the run that it starts; one that is refused says why", async () => {
  models(CANDIDATE, SHIPPED);
  let runs = 0;
  server.use(
    http.post("*/api/v1/scenes/3/promotions", () =>
      runs++ === 0
        ? problem(409, "no-run", "This scene shows no run yet.")
        : HttpResponse.json({ id: 1, version: 2, run: 44 }, { status: 201 }),
    ),
  );
  const router = show(<ModelList sceneId={3} kind="embedding" labels manages />);
  const promote = await screen.findByRole("button", { name: "Promote" });
  await userEvent.click(promote);
  expect((await screen.findByRole("alert")).textContent).toBe("This scene shows no run yet.");
  await userEvent.click(promote);
  await waitFor(() => expect(router.state.location.pathname).toBe("/scenes/3/runs/44"));
});

test("embeddings and detectors are looked at apart, and a detector is promoted and taken back as such", async () => {
  const asked: unknown[] = [];
  models(
    { ...DETECTOR, state: "active" },
    { ...DETECTOR, number: 3, id: 10 },
    { ...SHIPPED, kind: "detector", state: "archived" },
    SHIPPED,
  );
  const rows = [
    { id: 2, kind: "detector", version: 2, run: 44, run_number: 7, is_rollback: true, created_by: "ann" },
    {
      id: 1,
      kind: "detector",
      version: 3,
      run: null,
      run_number: null,
      is_rollback: false,
      created_by: null,
    },
  ].map((row) => ({ ...row, created_at: "2026-01-01T00:00:00Z" }));
  const answer = async ({ request }: { request: Request }) => {
    asked.push(await request.json());
    return problem(409, "no-run", "This scene shows no run yet.");
  };
  server.use(
    http.get("*/api/v1/scenes/3/promotions", ({ request }) => {
      const isDetector = new URL(request.url).searchParams.get("kind") === "detector";
      return HttpResponse.json({ results: isDetector ? rows : [], next: null });
    }),
    http.post("*/api/v1/scenes/3/promotions", answer),
    http.post("*/api/v1/scenes/3/promotions/roll-back", answer),
  );
  function Page() {
    const [kind, setKind] = useState<ModelKind>("embedding");
    return <ModelParts sceneId={3} kind={kind} onKind={setKind} labels manages />;
  }
  show(<Page />);
  await screen.findByRole("article", { name: "Embedding 1" });
  await userEvent.click(screen.getByRole("radio", { name: "Detector: what is a vehicle" }));
  const third = within(await screen.findByRole("article", { name: "Detector 3" }));
  screen.getByText(/finds everything anew in all videos, which takes as long as a first run/);
  expect(
    (await screen.findAllByRole("listitem")).map((row) => row.textContent?.replace(/^.*00:00 /, "")),
  ).toEqual(["back to detector 2 by ann: run 7", "Detector 3 promoted"]);
  await userEvent.click(third.getByRole("button", { name: "Promote" }));
  await userEvent.click(screen.getByRole("button", { name: "Go back to the detector before" }));
  await waitFor(() => expect(asked).toEqual([{ version: 3, kind: "detector" }, { kind: "detector" }]));
});

test("a detector tells what it learned from, and its comparison on how much time and how many vehicles", async () => {
  const measure = {
    candidate: span(0.6, 0.5, 0.7),
    other: span(0.4, 0.3, 0.5),
    difference: span(0.2, 0.1, 0.3),
  };
  const measures = [{ name: "recall" as const, ...measure }];
  const card = { recipe: { steps: 60 }, learned: { frames: 40, boxes: 900 }, best: { ap50: 0.712345678 } };
  models({
    ...DETECTOR,
    card,
    comparison: { against: 1, label_set: 4, vehicles: 9, stretches: 6, measures },
  });
  show(<ModelList sceneId={3} kind="detector" labels manages />);
  const table = await screen.findByRole("table", {
    name: /^Recall on 9 vehicles of label set 4 .+, the rest on all vehicles in 6 stretches of time/,
  });
  expect(within(table).getByRole("rowheader").textContent).toBe("recall");
  const told = screen.getAllByRole("term", { hidden: true }).map((term) => term.parentElement?.textContent);
  expect(told).toEqual(["learned.frames40", "learned.boxes900", "best.ap500.7123", "recipe.steps60"]);
  expect(within(table).getByRole("columnheader", { name: "detector 1" })).toBeDefined();
});
