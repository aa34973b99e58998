import { describe, expect, test } from "vitest";
import { Connection } from "./connection";
import { NO_CONNECTION, Problem } from "./problem";
import { Transport } from "./transport";

const URL_OF_JOBS = "http://localhost/api/v1/jobs";

/** A server of one resource that answers 304 to whoever has its present version. */
class Server {
  version = 1;
  requests: Request[] = [];
  bodies = 0;
  down = false;

  send = async (request: Request): Promise<Response> => {
    this.requests.push(request);
    if (this.down) throw new TypeError("Failed to fetch");
    const etag = `"v${this.version}"`;
    if (request.headers.get("If-None-Match") === etag) return new Response(null, { status: 304 });
    this.bodies += 1;
    return Response.json({ version: this.version }, { headers: { ETag: etag } });
  };
}

function get(): Request {
  return new Request(URL_OF_JOBS);
}

describe("asking again", () => {
  test("an unchanged resource is sent once and read as often as wanted", async () => {
    const server = new Server();
    const transport = new Transport(new Connection(), server.send);
    const answers = [
      await transport.request(get()),
      await transport.request(get()),
      await transport.request(get()),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual(Array(3).fill({ version: 1 }));
    expect(server.bodies).toBe(1);
  });

  test("a changed resource replaces the kept answer", async () => {
    const server = new Server();
    const transport = new Transport(new Connection(), server.send);
    await transport.request(get());
    server.version = 2;
    expect(await (await transport.request(get())).json()).toEqual({ version: 2 });
    await transport.request(get());
    expect(server.requests.at(-1)?.headers.get("If-None-Match")).toBe('"v2"');
  });

  test("another person starts with nothing kept", async () => {
    const server = new Server();
    const transport = new Transport(new Connection(), server.send);
    await transport.request(get());
    transport.forget();
    await transport.request(get());
    expect(server.requests.at(-1)?.headers.has("If-None-Match")).toBe(false);
  });

  test("the number of kept answers is bounded, the oldest goes", async () => {
    const server = new Server();
    const transport = new Transport(new Connection(), server.send);
    for (let page = 0; page < 80; page++) await transport.request(new Request(`${URL_OF_JOBS}?page=${page}`));
    await transport.request(new Request(`${URL_OF_JOBS}?page=0`));
    expect(server.requests.at(-1)?.headers.has("If-None-Match")).toBe(false);
    await transport.request(new Request(`${URL_OF_JOBS}?page=79`));
    expect(server.requests.at(-1)?.headers.get("If-None-Match")).toBe('"v1"');
  });
});

test("writes carry the CSRF token, reads do not", async () => {
  const server = new Server();
  const transport = new Transport(new Connection(), server.send);
  transport.setCsrfToken("abc");
  await transport.request(new Request(URL_OF_JOBS, { method: "POST" }));
  await transport.request(get());
  expect(server.requests.map((request) => request.headers.get("X-CSRFToken"))).toEqual(["abc", null]);
});

test("no answer is a problem with a sentence, and the line is lost until the next answer", async () => {
  const server = new Server();
  const line = new Connection();
  const transport = new Transport(line, server.send);
  server.down = true;
  const problem = await transport.request(get()).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(Problem);
  expect((problem as Problem).code).toBe(NO_CONNECTION);
  expect(line.lost()).toBe(true);
  server.down = false;
  await transport.request(get());
  expect(line.lost()).toBe(false);
});

test("a gateway without a server behind it counts as lost", async () => {
  const line = new Connection();
  const transport = new Transport(line, async () => new Response("bad gateway", { status: 502 }));
  await transport.request(get());
  expect(line.lost()).toBe(true);
});
