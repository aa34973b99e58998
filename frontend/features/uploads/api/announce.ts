import { answered, api } from "@/lib/api/client";
import type { Upload } from "../types";

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** What the server is told of a file before its first byte. */
export interface Announced {
  readonly scene: number;
  readonly purpose: Upload["purpose"];
  readonly camera: string;
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly startS: number | null;
}

/** Make room for a file, or find the upload of it that is on its way already. Throws the server's Problem. */
export function announce({ scene, purpose, camera, name, size, sha256, startS }: Announced): Promise<Upload> {
  const start = startS === null ? {} : { start_s: String(startS) };
  const said = { filename: name, sha256, ...(purpose === "scene" ? { purpose } : { camera, ...start }) };
  const metadata = Object.entries(said).map(([key, value]) => `${key} ${base64(value)}`);
  return answered(
    api.POST("/api/v1/scenes/{scene_id}/uploads", {
      params: {
        path: { scene_id: scene },
        header: {
          "Tus-Resumable": "1.0.0",
          "Upload-Length": String(size),
          "Upload-Metadata": metadata.join(","),
        },
      },
    }),
  );
}
