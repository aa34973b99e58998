import { expect, test, vi } from "vitest";
import { patiently } from "./patiently";
import { connectionProblem, problemFrom } from "./problem";

const WAITS = [0, 1, 1];
const going = () => new AbortController().signal;

test("a server that is away, or is just starting, is asked again until it answers", async () => {
  const task = vi.fn<() => Promise<string>>();
  task.mockRejectedValueOnce(connectionProblem()).mockRejectedValueOnce(problemFrom(503, null));
  task.mockResolvedValue("there");
  expect(await patiently(task, WAITS, going())).toBe("there");
  expect(task).toHaveBeenCalledTimes(3);
});

test("what the server refuses is not asked twice, and patience has an end", async () => {
  const refused = vi.fn(() => Promise.reject(problemFrom(409, null)));
  await expect(patiently(refused, WAITS, going())).rejects.toMatchObject({ status: 409 });
  expect(refused).toHaveBeenCalledTimes(1);
  const away = vi.fn(() => Promise.reject(connectionProblem()));
  await expect(patiently(away, WAITS, going())).rejects.toMatchObject({ status: 0 });
  expect(away).toHaveBeenCalledTimes(WAITS.length + 1);
});

test("who is told to stop waits no longer", async () => {
  const stopping = new AbortController();
  const away = vi.fn(() => Promise.reject(connectionProblem()));
  const asked = patiently(away, [60_000], stopping.signal);
  await vi.waitFor(() => expect(away).toHaveBeenCalled());
  stopping.abort(new Error("stopped"));
  await expect(asked).rejects.toThrow("stopped");
});
