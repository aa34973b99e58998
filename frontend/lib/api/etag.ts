/**
 * Polling that costs nothing: answers with an ETag are kept, asked for again with If-None-Match, and served from here
 * when the server says 304. Only pages of this tab use it, and it is emptied when the person changes.
 */

interface Kept {
  readonly etag: string;
  readonly body: string;
  readonly type: string;
}

const MOST_ANSWERS = 60;
const LARGEST_BODY = 512 * 1024;

export class EtagCache {
  private readonly kept = new Map<string, Kept>();

  /** The request with If-None-Match where an answer is kept. */
  ask(request: Request): Request {
    const kept = this.of(request);
    if (!kept) return request;
    const headers = new Headers(request.headers);
    headers.set("If-None-Match", kept.etag);
    return new Request(request, { headers });
  }

  /** The answer to hand on: the kept one for a 304, else the new one (kept if it has an ETag). */
  async answer(request: Request, response: Response): Promise<Response> {
    if (response.status === 304) {
      const kept = this.of(request);
      if (kept)
        return new Response(kept.body, {
          status: 200,
          headers: { "Content-Type": kept.type, ETag: kept.etag },
        });
    }
    const etag = response.headers.get("ETag");
    if (request.method === "GET" && response.ok && etag) await this.keep(request.url, etag, response);
    return response;
  }

  clear(): void {
    this.kept.clear();
  }

  private of(request: Request): Kept | undefined {
    return request.method === "GET" ? this.kept.get(request.url) : undefined;
  }

  private async keep(url: string, etag: string, response: Response): Promise<void> {
    const body = await response.clone().text();
    if (body.length > LARGEST_BODY) return;
    this.kept.delete(url);
    this.kept.set(url, { etag, body, type: response.headers.get("Content-Type") ?? "application/json" });
    const oldest = this.kept.keys().next();
    if (this.kept.size > MOST_ANSWERS && !oldest.done) this.kept.delete(oldest.value);
  }
}
