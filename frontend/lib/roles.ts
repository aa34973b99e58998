import type { Schemas } from "@/lib/api/client";

export type Role = Schemas["RoleEnum"];

const RANKS: Record<Role, number> = { viewer: 0, analyst: 1, manager: 2, admin: 3 };

/** Whether a role includes `needed`. The server decides; this only hides buttons that it would refuse. */
export function atLeast(role: Role | null | undefined, needed: Role): boolean {
  return role != null && RANKS[role] >= RANKS[needed];
}
