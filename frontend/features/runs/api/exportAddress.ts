/** Where a run with everything that people decided is downloaded from: track1.txt, tracks of each camera, a manifest. */
export function exportAddress(runId: number): string {
  return `/api/v1/runs/${runId}/export`;
}
