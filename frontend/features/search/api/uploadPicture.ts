import { answered, api, type Schemas } from "@/lib/api/client";

export type SearchPicture = Schemas["SearchPicture"];

/** Bring a picture to search the run with. The server takes JPEG and PNG files. */
export function uploadPicture(runId: number, file: File): Promise<SearchPicture> {
  return answered(
    api.POST("/api/v1/runs/{run_id}/search/pictures", {
      params: { path: { run_id: runId } },
      body: file as unknown as string,
      bodySerializer: (body) => body as unknown as Blob,
      headers: { "Content-Type": file.type },
    }),
  );
}
