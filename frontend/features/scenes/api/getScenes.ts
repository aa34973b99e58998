import { useInfiniteQuery } from "@tanstack/react-query";
import { answered, api, cursorOf } from "@/lib/api/client";

/** The scenes that the person may see, page by page. Asked for again now and then: runs move on. */
export function useScenes() {
  return useInfiniteQuery({
    queryKey: ["scenes"],
    queryFn: ({ pageParam, signal }) =>
      answered(
        api.GET("/api/v1/scenes", { params: { query: pageParam ? { cursor: pageParam } : {} }, signal }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => cursorOf(page.next),
    refetchInterval: 5000,
  });
}
