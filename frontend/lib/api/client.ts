import createClient from "openapi-fetch";
import { problemFrom } from "./problem";
import type { components, paths } from "./schema";
import { transport } from "./transport";

/** The typed client: addresses, parameters and answers come from the server's OpenAPI description. */
export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: transport.request });

export type Schemas = components["schemas"];

/** The answer's data. Throws the Problem that the server (or the lack of one) gave. */
export async function answered<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<NonNullable<T>> {
  const { data, error, response } = await call;
  if (!response.ok) throw problemFrom(response.status, error);
  return data as NonNullable<T>;
}

/** For answers without a body. Throws like `answered`. */
export async function accepted(call: Promise<{ error?: unknown; response: Response }>): Promise<void> {
  const { error, response } = await call;
  if (!response.ok) throw problemFrom(response.status, error);
}

/** The cursor in the address of a page's neighbour. */
export function cursorOf(address: string | null | undefined): string | undefined {
  if (!address) return undefined;
  return new URL(address, window.location.origin).searchParams.get("cursor") ?? undefined;
}
