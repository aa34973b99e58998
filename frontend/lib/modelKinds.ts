/** The two networks that a scene's labels teach, and where a version of one is found. */

import type { Schemas } from "@/lib/api/client";

export type ModelKind = Schemas["ModelKindEnum"];

export const KINDS: readonly ModelKind[] = ["embedding", "detector"];

export const KIND_NAMES: Record<ModelKind, string> = { embedding: "Embedding", detector: "Detector" };

/** What each of them answers. */
export const KIND_SAYS: Record<ModelKind, string> = {
  embedding: "which looks are one vehicle",
  detector: "what is a vehicle",
};

/** "Embedding 2": versions are counted apart. */
export function versionName(kind: ModelKind, number: number): string {
  return `${KIND_NAMES[kind]} ${number}`;
}

/** The same within a sentence. */
export function versionWords(kind: ModelKind, number: number): string {
  return versionName(kind, number).toLowerCase();
}

export function versionAnchor(kind: ModelKind, number: number): string {
  return `${kind}-${number}`;
}

/** Where it is on the page of the scene's trainings, from there. */
export function versionPlace(kind: ModelKind, number: number): string {
  return `?models=${kind}#${versionAnchor(kind, number)}`;
}

export function versionAddress(sceneId: number, kind: ModelKind, number: number): string {
  return `/scenes/${sceneId}/training${versionPlace(kind, number)}`;
}

export function isKind(text: string | null): text is ModelKind {
  return KINDS.some((kind) => kind === text);
}
