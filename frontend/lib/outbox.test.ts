import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { connectionProblem, Problem } from "@/lib/api/problem";
import { type Entry, Outbox, type Shelf, type Stored } from "./outbox";

/** A server that stores each key once, and fails as often as it is told to before it does. */
class Server {
  readonly stored = new Map<string, number>();
  readonly asked: string[] = [];
  failures: unknown[] = [];

  send = async (entry: Entry<string>): Promise<Stored<string>> => {
    this.asked.push(entry.kind === "decision" ? entry.decision : `undo ${entry.operation}`);
    await Promise.resolve();
    const failure = this.failures.shift();
    if (failure) throw failure;
    const known = this.stored.get(entry.key) ?? this.stored.size + 100;
    this.stored.set(entry.key, known);
    return { operation: known };
  };
}

class Tab implements Shelf {
  private readonly items = new Map<string, string>();
  getItem = (name: string): string | null => this.items.get(name) ?? null;
  setItem = (name: string, value: string): void => void this.items.set(name, value);
}

let server: Server;
let tab: Tab;

function open(): Outbox<string> {
  return new Outbox<string>(tab, "outbox-7", server.send);
}

const refusal = new Problem(409, "stale-run", "Another run is shown now.");
const stumble = new Problem(500, "server-error", "The server had a problem.");
const signedOut = new Problem(401, "not-authenticated", "Sign in first.");

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  tab = new Tab();
});
afterEach(() => void vi.useRealTimers());

async function settle(ms = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

test("decisions are sent one after the other and leave when they are stored", async () => {
  const outbox = open();
  outbox.decide("a", 1, "same");
  outbox.decide("b", 1, "different");
  expect(outbox.entries()).toHaveLength(2);
  await settle();
  expect(server.asked).toEqual(["same", "different"]);
  expect(outbox.entries()).toEqual([]);
});

test("without a connection they are kept, sent again under their keys, and nothing is sent twice", async () => {
  const outbox = open();
  server.failures = [connectionProblem(), connectionProblem()];
  outbox.decide("a", 1, "same");
  outbox.decide("b", 1, "different");
  await settle();
  expect(outbox.entries().map(({ state, problem }) => [state, problem !== null])).toEqual([
    ["waiting", true],
    ["waiting", false],
  ]);
  await settle(5000);
  expect(server.asked).toEqual(["same", "same", "same", "different"]);
  expect([...server.stored.keys()]).toEqual(["a", "b"]);
});

test("a reload in the middle of sending loses nothing: the same key goes out again", async () => {
  const hanging = new Outbox<string>(tab, "outbox-7", () => new Promise(() => {}));
  hanging.decide("a", 1, "same");
  const reloaded = open();
  expect(reloaded.entries()).toMatchObject([{ key: "a", state: "waiting", decision: "same" }]);
  reloaded.resume();
  await settle();
  expect([...server.stored.keys()]).toEqual(["a"]);
  expect(open().entries()).toEqual([]);
});

test("an ended session keeps them until the person is back", async () => {
  const outbox = open();
  server.failures = Array(3).fill(signedOut);
  outbox.decide("a", 1, "same");
  await settle();
  outbox.stop();
  await settle(120_000);
  expect(server.asked).toHaveLength(1);
  server.failures = [];
  outbox.resume();
  await settle();
  expect([...server.stored.keys()]).toEqual(["a"]);
});

test("what is refused stays with its reason and does not hold up the rest", async () => {
  const outbox = open();
  server.failures = [refusal];
  outbox.decide("a", 1, "same");
  outbox.decide("b", 1, "different");
  await settle();
  expect(outbox.entries()).toMatchObject([
    { key: "a", state: "refused", problem: "Another run is shown now." },
  ]);
  outbox.dismiss("a");
  expect(open().entries()).toEqual([]);
});

test("one that the server stumbles over waits while the others pass", async () => {
  const outbox = open();
  server.failures = [stumble];
  outbox.decide("a", 1, "same");
  outbox.decide("b", 1, "different");
  await settle();
  expect([...server.stored.keys()]).toEqual(["b"]);
  await settle(1000);
  expect([...server.stored.keys()]).toEqual(["b", "a"]);
});

test("an answer that broke off is asked for again", async () => {
  const outbox = open();
  server.failures = [new SyntaxError("Unexpected end of JSON input")];
  outbox.decide("a", 1, "same");
  await settle(1000);
  expect([...server.stored.keys()]).toEqual(["a"]);
});

describe("taking a decision back", () => {
  test("before it was ever sent forgets it", async () => {
    const outbox = open();
    outbox.stop();
    outbox.decide("a", 1, "same");
    outbox.takeBack("u", "a");
    outbox.resume();
    await settle();
    expect(server.asked).toEqual([]);
  });

  test("while it is on its way undoes it as soon as it is stored", async () => {
    const outbox = open();
    outbox.decide("a", 1, "same");
    outbox.takeBack("u", "a");
    await settle();
    expect(server.asked).toEqual(["same", "undo 100"]);
    expect(outbox.entries()).toEqual([]);
  });

  test("that may have arrived survives a reload as decision and undo", async () => {
    const outbox = open();
    server.failures = [connectionProblem()];
    outbox.decide("a", 1, "same");
    await settle();
    outbox.stop();
    outbox.takeBack("u", "a");
    const reloaded = open();
    reloaded.resume();
    await settle();
    expect(server.asked).toEqual(["same", "same", "undo 100"]);
  });

  test("that is refused leaves nothing to undo", async () => {
    const outbox = open();
    server.failures = [refusal];
    outbox.decide("a", 1, "same");
    outbox.takeBack("u", "a");
    await settle();
    expect(outbox.entries().map(({ key }) => key)).toEqual(["a"]);
    expect(server.asked).toEqual(["same"]);
  });
});

describe("a decision that builds on another one", () => {
  test("waits for it, and goes out with what it brought", async () => {
    let failures = [stumble];
    const sent: string[] = [];
    const outbox = new Outbox<string>(tab, "outbox-7", async (entry) => {
      const failure = failures.pop();
      if (failure) throw failure;
      if (entry.kind === "decision") sent.push(entry.decision);
      return { operation: 1, carry: (waiting) => waiting.replace("new", "17") };
    });
    outbox.decide("a", 1, "split 5");
    outbox.decide("b", 1, "hide new", ["a"]);
    outbox.decide("c", 1, "hide 6");
    await settle();
    expect(sent).toEqual(["hide 6"]);
    failures = [];
    await settle(1000);
    expect(sent).toEqual(["hide 6", "split 5", "hide 17"]);
  });

  test("is refused with it, and so is what builds on that", async () => {
    const outbox = open();
    server.failures = [refusal];
    outbox.decide("a", 1, "split 5");
    outbox.decide("b", 1, "hide new", ["a"]);
    outbox.decide("c", 1, "note on new", ["b"]);
    outbox.decide("d", 1, "hide 6");
    await settle();
    expect(server.asked).toEqual(["split 5", "hide 6"]);
    expect(outbox.entries().map(({ key, state }) => [key, state])).toEqual([
      ["a", "refused"],
      ["b", "refused"],
      ["c", "refused"],
    ]);
  });
});

test("an undo of a stored operation that is refused says why", async () => {
  const outbox = open();
  server.failures = [new Problem(409, "undo-refused", "A later decision builds on it.")];
  outbox.undo("u", 1, 55);
  await settle();
  expect(outbox.entries()).toMatchObject([{ state: "refused", problem: "A later decision builds on it." }]);
});
