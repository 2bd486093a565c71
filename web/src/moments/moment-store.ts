/**
 * The user's own moments, by video, kept in this browser so that a reload loses nothing.
 */
import { useSyncExternalStore } from "react";
import type { Moment } from "zoetrope/core/time";

export type OwnMoment = Moment & Readonly<{ id: string }>;
export type OwnMoments = Readonly<{ video: string; duration: number; moments: readonly OwnMoment[] }>;

const prefix = "zoetrope.moments.";
const listeners = new Set<() => void>();
const cache = new Map<string, OwnMoments>();
let nextId = 1;

export function useMoments(video: string, duration: number): OwnMoments {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => momentsOf(video, duration),
  );
}

export function setMoments(video: string, duration: number, moments: readonly OwnMoment[]): void {
  const next = { video, duration, moments: [...moments].sort((a, b) => a.start - b.start || a.end - b.end) };
  cache.set(video, next);
  try {
    if (moments.length === 0) localStorage.removeItem(prefix + video);
    else localStorage.setItem(prefix + video, JSON.stringify(next));
  } catch {
    // Storage may be full or forbidden; the moments live on in this page.
  }
  for (const listener of listeners) listener();
}

/** Add moments that are not there yet. */
export function addMoments(video: string, duration: number, added: readonly Moment[]): readonly OwnMoment[] {
  const { moments } = momentsOf(video, duration);
  const isNew = ({ start, end, label }: Moment) =>
    !moments.some((each) => each.start === start && each.end === end && each.label === label);
  const fresh = added.filter(isNew).map((moment) => ({ ...moment, id: newId() }));
  setMoments(video, duration, [...moments, ...fresh]);
  return fresh;
}

export function newId(): string {
  return `m${Date.now().toString(36)}-${nextId++}`;
}

function momentsOf(video: string, duration: number): OwnMoments {
  const known = cache.get(video);
  if (known !== undefined) return known;
  const read = stored(video) ?? { video, duration, moments: [] };
  cache.set(video, read);
  return read;
}

function stored(video: string): OwnMoments | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(prefix + video) ?? "null");
    const isMoments = typeof value === "object" && value !== null && "moments" in value && Array.isArray(value.moments);
    return isMoments ? (value as OwnMoments) : null;
  } catch {
    return null;
  }
}
