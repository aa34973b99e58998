import { queryOptions, useQuery } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";
import { transport } from "@/lib/api/transport";

export type Session = Schemas["Session"];

export const sessionKey = ["session"] as const;

/** Who is signed in. The answer carries the CSRF token that every write needs. */
export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  queryFn: async ({ signal }): Promise<Session> => {
    const session = await answered(api.GET("/api/v1/session", { signal }));
    transport.setCsrfToken(session.csrf_token);
    return session;
  },
  staleTime: 5 * 60_000,
});

export function useSession() {
  return useQuery(sessionQuery);
}
