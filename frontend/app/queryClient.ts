import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { type Session, sessionKey } from "@/features/session/api/getSession";
import { mayPass, Problem } from "@/lib/api/problem";

/** The client for all reads and writes. A 401 from anywhere means signed out: the guard then asks to sign in. */
export function createQueryClient(): QueryClient {
  const noteSignedOut = (error: Error): void => {
    if (!(error instanceof Problem) || error.status !== 401) return;
    client.setQueryData<Session>(sessionKey, (session) => session && { ...session, user: null });
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: noteSignedOut }),
    mutationCache: new MutationCache({ onError: noteSignedOut }),
    defaultOptions: {
      queries: {
        retry: (failures, error) => mayPass(error) && failures < 3,
        staleTime: 10_000,
        refetchOnWindowFocus: true,
        networkMode: "always",
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
  return client;
}
