/** What the server says went wrong (problem+json), or what the browser knows when no server answered. */

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    /** A sentence that says what happened and what to do. */
    readonly sentence: string,
    /** Field name -> what is wrong with it. */
    readonly fields: Readonly<Record<string, string>> = {},
    /** What else the server said: of a stale edit, what is there now. */
    readonly extra: Readonly<Record<string, unknown>> = {},
    /** With the `cause`: what was thrown where no server answered. */
    options?: ErrorOptions,
  ) {
    super(sentence, options);
    this.name = "Problem";
  }
}

export const NO_CONNECTION = "no_connection";

/** The sentence for a status whose body says nothing. */
function sentenceFor(status: number): string {
  if (status === 401) return "Sign in to see this.";
  if (status === 403) return "Your role does not allow this. Ask a manager of the scene.";
  if (status === 404) return "This does not exist, or you are not a member of its scene.";
  if (status === 409) return "Someone changed this meanwhile. Reload the page and try again.";
  if (status === 429) return "Too many tries. Wait a minute and try again.";
  if (status >= 500)
    return "The server had a problem. Try again; if it stays, tell the operator the time of day.";
  return `The server refused the request (${status}).`;
}

function text(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(text).filter(Boolean).join(" ");
  return null;
}

function fieldsOf(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  const pairs = Object.entries(value).map(([name, said]) => [name, text(said) ?? "is not valid"] as const);
  return Object.fromEntries(pairs);
}

/** The problem in an answer's body, whatever the body is. */
export function problemFrom(status: number, body: unknown): Problem {
  const said = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const sentence = text(said.detail) || text(said.title) || sentenceFor(status);
  return new Problem(status, text(said.code) ?? `http_${status}`, sentence, fieldsOf(said.fields), said);
}

export function connectionProblem(): Problem {
  return new Problem(
    0,
    NO_CONNECTION,
    "The server cannot be reached. This page goes on as soon as it answers.",
  );
}

/** Worth another try: the server was away or stumbled. What it refused stays refused. */
export function mayPass(error: unknown): boolean {
  return error instanceof Problem && (error.code === NO_CONNECTION || error.status >= 500);
}

/** A sentence for whatever was thrown. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Problem) return error.sentence;
  return "Something in this page went wrong. Reload it; if it stays, tell the operator what you did.";
}
