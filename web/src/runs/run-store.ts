/** The runs on the page; they stay while other pages are looked at. */
import { createStore } from "../parts/store.ts";
import { readLogs } from "./read/client.ts";
import type { DroppedFile, ReadRuns, StudioRun } from "./read/studio-run.ts";

export type RunsState = Readonly<{
  runs: readonly StudioRun[];
  problems: ReadRuns["problems"];
  truths: readonly string[];
  /** Names of the files that are being read. */
  reading: readonly string[];
  /** Dropped videos by name without ending. */
  videos: ReadonlyMap<string, File>;
}>;

const store = createStore<RunsState>({ runs: [], problems: [], truths: [], reading: [], videos: new Map() });
export const useRuns = store.use;
/** Every text that was dropped: a truth dropped later scores what was there before. */
const texts = new Map<string, DroppedFile>();

function set(next: Partial<RunsState>): void {
  store.set({ ...store.get(), ...next });
}

const videoName = /\.(?:mp4|mov|mkv|webm|m4v|ts)$/i;

/** Take dropped files: videos are kept by name, anything else is read as a log. */
export async function addFiles(files: readonly File[]): Promise<void> {
  const videos = files.filter(({ name }) => videoName.test(name));
  if (videos.length > 0) {
    const added = videos.map((file) => [file.name.replace(videoName, ""), file] as const);
    set({ videos: new Map([...store.get().videos, ...added]) });
  }
  const logs = files.filter(({ name }) => !videoName.test(name));
  if (logs.length === 0) return;
  set({ reading: [...store.get().reading, ...logs.map(({ name }) => name)] });
  const read = await Promise.all(logs.map(async (file) => ({ name: file.name, text: await file.text() })));
  await addTexts(read);
}

export async function addTexts(files: readonly DroppedFile[]): Promise<void> {
  for (const file of files) texts.set(file.name, file);
  set({ reading: [...new Set([...store.get().reading, ...files.map(({ name }) => name)])] });
  try {
    const { runs, problems, truths } = await readLogs([...texts.values()]);
    // What cannot be read must not come up again with every drop.
    for (const { file } of problems) texts.delete(file);
    set({ runs, problems, truths });
  } catch (error) {
    const reason = (error as Error).message;
    for (const { name } of files) texts.delete(name);
    set({ problems: files.map(({ name }) => ({ file: name, reason })) });
  } finally {
    const done = new Set(files.map(({ name }) => name));
    set({ reading: store.get().reading.filter((name) => !done.has(name)) });
  }
}

export function removeRun(id: string): void {
  texts.delete(id);
  set({ runs: store.get().runs.filter((run) => run.id !== id) });
}

export function dismissProblems(): void {
  set({ problems: [] });
}

/** The video of a sample by its name, with or without its ending or folder. */
export function videoFor(videos: ReadonlyMap<string, File>, name: string): File | undefined {
  const base = name.split("/").at(-1) ?? name;
  return videos.get(base) ?? videos.get(base.replace(videoName, ""));
}
