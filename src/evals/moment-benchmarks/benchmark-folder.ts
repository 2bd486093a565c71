/** Where the files of a benchmark lie: its annotations under their released names, its videos wherever they are below the folder. */
import { existsSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";
import { videoEndings } from "../check-benchmark.ts";
import type { MomentBenchmark } from "./moment-benchmark.ts";

type Wanted = Pick<MomentBenchmark, "title" | "layout"> & Readonly<{ names: readonly string[] }>;

/** The annotations: `given`, or the first of the names that lies in the folder or its "annotations". Throws an Error with the layout. */
export function annotationsIn(folder: string, { title, layout, names }: Wanted, given?: string): string {
  if (given !== undefined) return given;
  const places = [folder, join(folder, "annotations")];
  const found = names.flatMap((name) => places.map((place) => join(place, name))).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Error(
    `Expected ${title}'s annotations (${names.join(" or ")}) in "${folder}", got none. Check --data, or pass --truth FILE. Its layout:\n${layout}`,
  );
}

/** Folders are looked through so deep: YouCook2 has raw_videos/SUBSET/RECIPE/VIDEO. */
const depth = 4;

/**
 * Paths of a video below the folder by its id, the one that lies highest first; where it should lie, if there is none. ActivityNet's ids begin with
 * "v_", which some collections leave out.
 */
export function videoFinder(folder: string): (video: string) => readonly string[] {
  const byName = new Map<string, string[]>();
  let level: string[] = existsSync(folder) ? [""] : [];
  for (let i = 0; i < depth && level.length > 0; i++) {
    const next: string[] = [];
    for (const at of level) {
      for (const entry of readdirSync(join(folder, at), { withFileTypes: true })) {
        const path = join(at, entry.name);
        if (entry.isDirectory()) next.push(path);
        const ending = extname(entry.name);
        if (entry.isDirectory() || !videoEndings.has(ending.toLowerCase())) continue;
        const name = entry.name.slice(0, -ending.length);
        byName.set(name, [...(byName.get(name) ?? []), path]);
      }
    }
    level = next.sort();
  }
  return (video) => byName.get(video) ?? byName.get(video.replace(/^v_/, "")) ?? [join("videos", `${video}.mp4`)];
}
