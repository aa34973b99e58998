import { type Connection, connection, isGatewayFailure } from "./connection";
import { EtagCache } from "./etag";
import { connectionProblem } from "./problem";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** One way to the server for all requests: CSRF token, kept answers, and whether anybody is there. */
export class Transport {
  private csrfToken = "";
  private readonly cache = new EtagCache();

  constructor(
    private readonly line: Connection,
    private readonly send: (request: Request) => Promise<Response> = (request) => fetch(request),
  ) {}

  /** The token that the session answer carries; a new one means another session, so nothing kept is used again. */
  setCsrfToken(token: string): void {
    this.csrfToken = token;
  }

  /** For requests that cannot go through `request`: uploads report their progress another way. */
  csrf(): string {
    return this.csrfToken;
  }

  forget(): void {
    this.cache.clear();
  }

  request = async (request: Request): Promise<Response> => {
    const response = await this.reach(this.cache.ask(this.signed(request)));
    return this.cache.answer(request, response);
  };

  private signed(request: Request): Request {
    if (SAFE.has(request.method)) return request;
    const headers = new Headers(request.headers);
    headers.set("X-CSRFToken", this.csrfToken);
    return new Request(request, { headers });
  }

  private async reach(request: Request): Promise<Response> {
    let response: Response;
    try {
      response = await this.send(request);
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      this.line.report(false);
      throw connectionProblem();
    }
    this.line.report(!isGatewayFailure(response.status));
    return response;
  }
}

export const transport = new Transport(connection);
