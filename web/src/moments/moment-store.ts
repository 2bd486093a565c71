/**
 * The user's own moments, by video, kept in this browser so that a reload loses nothing.
 */
import type { Moment } from "zoetrope/core/time";
import { createStore } from "../parts/store.ts";

export type OwnMoment = Moment & Readonly<{ id: string }>;
export type OwnMoments = Readonly<{ video: string; duration: number; moments: readonly OwnMoment[] }>;

const prefix = "zoetrope.moments.";
const store = createStore<ReadonlyMap<string, OwnMoments>>(new Map());
let nextId = 1;

export function useMoments(video: string, duration: number): OwnMoments {
  return store.use().get(video) ?? momentsOf(video, duration);
}

export function setMoments(video: string, duration: number, moments: readonly OwnMoment[]): void {
  const next = { video, duration, moments: [...moments].sort((a, b) => a.start - b.start || a.end - b.end) };
  try {
    if (moments.length === 0) localStorage.removeItem(prefix + video);
    else localStorage.setItem(prefix + video, JSON.stringify(next));
  } catch {
    // Storage may be full or forbidden; the moments live on in this page.
  }
  store.set(new Map([...store.get(), [video, next]]));
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
  return store.get().get(video) ?? stored(video) ?? { video, duration, moments: [] };
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
