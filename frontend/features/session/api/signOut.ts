import { useMutation, useQueryClient } from "@tanstack/react-query";
import { accepted, api } from "@/lib/api/client";
import { transport } from "@/lib/api/transport";
import { sessionKey } from "./getSession";

/** Sign out and forget everything that was read. */
export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => accepted(api.DELETE("/api/v1/session")),
    onSuccess: async () => {
      transport.forget();
      await queries.fetchQuery({ queryKey: sessionKey, staleTime: 0 }).catch(() => undefined);
      await queries.invalidateQueries({ queryKey: sessionKey });
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionKey[0] });
    },
  });
}
