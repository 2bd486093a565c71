/**
 * The video that is open, shared by Watch and Annotate: going from one page to the other keeps it.
 */
import type { Moment } from "zoetrope/core/time";
import { call } from "../engine/engine.ts";
import type { VideoFacts } from "../engine/protocol.ts";
import { createStore } from "../parts/store.ts";

export type SampleListing = Readonly<{
  id: string;
  title: string;
  about: string;
  query: string;
  duration: number;
  moments: readonly Moment[];
}>;

export type OpenVideo = Readonly<{
  facts: VideoFacts;
  /** What a <video> element plays. */
  url: string;
  /** Where it is one of the shipped samples, with its truth. */
  sample: SampleListing | null;
}>;

export type VideoState = Readonly<
  | { status: "none" }
  | { status: "opening"; name: string }
  | { status: "open"; video: OpenVideo }
  | { status: "failed"; name: string; error: string }
>;

const store = createStore<VideoState>({ status: "none" });
const { set } = store;
export const useVideo = store.use;
/** Only the latest request counts: a second drop overtakes the first. */
let latest = 0;

/** Open a dropped or chosen file. The file stays where it is; the worker reads it in pieces. */
export async function openFile(file: File): Promise<void> {
  await open(file.name, () => Promise.resolve(file), null);
}

/** Open a sample video that lies beside the page. */
export async function openSample(id: string): Promise<void> {
  const mine = ++latest;
  set({ status: "opening", name: id });
  try {
    const sample = (await listSamples()).find((each) => each.id === id);
    if (mine !== latest) return;
    if (sample === undefined) throw new Error(`Expected a sample video, got "${id}". Choose one of those shown.`);
    await open(`${id}.mp4`, () => fetchBlob(`samples/${id}.mp4`), sample);
  } catch (error) {
    if (mine === latest) set({ status: "failed", name: id, error: (error as Error).message });
  }
}

export function closeVideo(): void {
  latest++;
  release();
  set({ status: "none" });
}

let samples: Promise<readonly SampleListing[]> | undefined;

export function listSamples(): Promise<readonly SampleListing[]> {
  samples ??= fetch("samples/samples.json").then((response) => {
    if (!response.ok) throw new Error(`Expected sample videos, got status ${response.status}. Build the site again.`);
    return response.json() as Promise<readonly SampleListing[]>;
  });
  samples.catch(() => {
    samples = undefined;
  });
  return samples;
}

async function open(name: string, read: () => Promise<Blob>, sample: SampleListing | null): Promise<void> {
  const mine = ++latest;
  release();
  set({ status: "opening", name });
  try {
    const file = await read();
    const facts = await call({ call: "open", file, name });
    if (mine !== latest) {
      void call({ call: "close", video: facts.id });
      return;
    }
    set({ status: "open", video: { facts, url: URL.createObjectURL(file), sample } });
  } catch (error) {
    if (mine === latest) set({ status: "failed", name, error: (error as Error).message });
  }
}

function release(): void {
  const state = store.get();
  if (state.status !== "open") return;
  const { facts, url } = state.video;
  URL.revokeObjectURL(url);
  void call({ call: "close", video: facts.id });
}

async function fetchBlob(url: string): Promise<Blob> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`Expected a video at ${url}, got status ${response.status}. Reload the page.`);
  return response.blob();
}
