/** How many columns show `count` pictures of `ratio` (width / height) largest in a `width` x `height` area. */
export function bestColumns(
  count: number,
  width: number,
  height: number,
  ratio: number,
  chrome: number,
): number {
  let best = 1;
  let bestWidth = 0;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const byWidth = width / columns;
    const byHeight = (height / rows - chrome) * ratio;
    const cell = Math.min(byWidth, byHeight);
    if (cell > bestWidth + 0.5) {
      best = columns;
      bestWidth = cell;
    }
  }
  return best;
}
