import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

/** State when a video begins on the scene's clock. */
export function useSetVideoStart(sceneId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ video, startS }: { video: number; startS: number }) =>
      answered(
        api.PATCH("/api/v1/videos/{video_id}", {
          params: { path: { video_id: video } },
          body: { start_s: startS },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["cameras", sceneId] }),
  });
}
