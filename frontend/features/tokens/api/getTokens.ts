import { useInfiniteQuery } from "@tanstack/react-query";
import { answered, api, cursorOf, type Schemas } from "@/lib/api/client";

export type Token = Schemas["Token"];

export function useTokens() {
  return useInfiniteQuery({
    queryKey: ["tokens"],
    queryFn: ({ pageParam, signal }) =>
      answered(
        api.GET("/api/v1/tokens", { params: { query: pageParam ? { cursor: pageParam } : {} }, signal }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => cursorOf(page.next),
  });
}
