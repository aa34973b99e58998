import type { Schemas } from "@/lib/api/client";

const SEMI_MAJOR_M = 6_378_137;
const FLATTENING = 1 / 298.257223563;

/** Latitude and longitude, degrees, of a place in metres about `origin`, on the tangent plane there (WGS 84). */
export function latitudeLongitude(origin: Schemas["Origin"], x: number, y: number): [number, number] {
  const angle = (origin.latitude * Math.PI) / 180;
  const flat = 1 - FLATTENING * (2 - FLATTENING) * Math.sin(angle) ** 2;
  const across = SEMI_MAJOR_M / Math.sqrt(flat);
  const along = (across * (1 - FLATTENING) ** 2) / flat;
  const degrees = 180 / Math.PI;
  return [
    origin.latitude + (y / along) * degrees,
    origin.longitude + (x / (across * Math.cos(angle))) * degrees,
  ];
}
