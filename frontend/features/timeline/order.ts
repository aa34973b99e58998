/** The cameras in the order that a person gave them, those that came later at their places in `road`. */
export function arranged(road: readonly number[], given: readonly number[]): number[] {
  const kept = given.filter((camera) => road.includes(camera));
  const order = [...kept];
  road.forEach((camera, place) => {
    if (!kept.includes(camera)) order.splice(Math.min(place, order.length), 0, camera);
  });
  return order;
}

/** `camera` moved by one place. */
export function moved(order: readonly number[], camera: number, by: -1 | 1): number[] {
  const place = order.indexOf(camera);
  const target = place + by;
  if (place < 0 || target < 0 || target >= order.length) return [...order];
  const next = order.filter((each) => each !== camera);
  next.splice(target, 0, camera);
  return next;
}
