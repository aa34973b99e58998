const HOME = "/scenes";

/** Where to go after signing in: the place that asked for it, but never another site. */
export function placeAfterSignIn(next: string | null): string {
  if (!next?.startsWith("/") || next.startsWith("//") || next.includes("\\")) return HOME;
  return next.startsWith("/sign-in") ? HOME : next;
}
