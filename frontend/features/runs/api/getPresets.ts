import { useQuery } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

export function usePresets() {
  return useQuery({
    queryKey: ["presets"],
    queryFn: ({ signal }) => answered(api.GET("/api/v1/presets", { signal })),
    staleTime: 60_000,
  });
}
