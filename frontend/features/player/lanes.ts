/** One bar on a camera's lane of the time line: one vehicle while it is in view. */
export interface LaneBar {
  readonly key: number;
  readonly camera: number;
  readonly identity: number;
  readonly start_s: number;
  readonly end_s: number;
}
