import { useMutation, useQueryClient } from "@tanstack/react-query";
import { accepted, api } from "@/lib/api/client";

/** Revoke a token; it stops working at once. */
export function useRevokeToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (tokenId: number) =>
      accepted(api.DELETE("/api/v1/tokens/{token_id}", { params: { path: { token_id: tokenId } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["tokens"] }),
  });
}
