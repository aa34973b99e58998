import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, expect, test, vi } from "vitest";
import { readAgain } from "./readAgain";

const queries = new QueryClient();
afterEach(() => queries.clear());

/** A server's list, whose answers are given at the moment of the question and arrive when they are let go. */
function slowServer() {
  let stored = "before";
  const onTheirWay: (() => void)[] = [];
  const read = (): Promise<string> => {
    const told = stored;
    return new Promise((arrive) => onTheirWay.push(() => arrive(told)));
  };
  const change = (): void => {
    stored = "after";
  };
  const arrive = (): void => {
    for (const one of onTheirWay.splice(0)) one();
  };
  return { read, change, arrive };
}

test.each(["its first answer", "a later answer"])(
  "%s, asked for before a change, does not hide the change",
  async (which) => {
    const server = slowServer();
    const shown = new QueryObserver(queries, { queryKey: ["list", which], queryFn: server.read });
    const leave = shown.subscribe(() => {});
    if (which === "a later answer") {
      server.arrive();
      await vi.waitFor(() => expect(shown.getCurrentResult().data).toBe("before"));
      void shown.refetch();
    }
    server.change();
    readAgain(queries, { queryKey: ["list"] });
    await vi.waitFor(() => {
      server.arrive();
      expect(shown.getCurrentResult().data).toBe("after");
    });
    expect(shown.getCurrentResult().fetchStatus).toBe("idle");
    leave();
  },
);
