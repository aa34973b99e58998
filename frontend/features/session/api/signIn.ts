import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api, type Schemas } from "@/lib/api/client";
import { transport } from "@/lib/api/transport";
import { sessionKey } from "./getSession";

/** Sign in. Whatever was kept for the person before is forgotten. */
export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["LoginRequest"]) => answered(api.POST("/api/v1/session", { body })),
    onSuccess: (session) => {
      transport.setCsrfToken(session.csrf_token);
      transport.forget();
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionKey[0] });
      queries.setQueryData(sessionKey, session);
    },
  });
}
