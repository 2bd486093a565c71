/**
 * A world-compass on disk, as TempCompass lies there: meta_info.json, questions/{format}.json, videos/{id}.mp4; beside them
 * films.json, from which every video can be made and every answer checked.
 *
 * films.json is written first and the questions last: a folder with questions is whole, and one without can be completed.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../../core/files/index.ts";
import { writeFilm } from "../../world/index.ts";
import { compassFormats } from "./formats.ts";
import type { WorldCompass } from "./world-compass.ts";

/** Pixels of every video: those of zoetrope-micro's training videos. */
export const compassSize = { width: 128, height: 128 } as const;

export type WriteCompassOptions = Readonly<{
  signal?: AbortSignal;
  /** After each video: how many there are, and whether this one lay there already. */
  onVideo?: (done: number, wasThere: boolean) => void;
}>;

/**
 * Write the benchmark into a folder; videos that an earlier call wrote stay. Throws an Error where the folder holds another
 * benchmark, and the signal's reason between videos.
 */
export async function writeWorldCompass(
  folder: string,
  { videos, meta, questions }: WorldCompass,
  { signal, onVideo }: WriteCompassOptions = {},
): Promise<void> {
  const filmsPath = join(folder, "films.json");
  const films = json(Object.fromEntries(videos.map(({ id, film }) => [id, film])));
  if (!existsSync(filmsPath)) {
    writeAtomically(filmsPath, [films]);
  } else if (readFileSync(filmsPath, "utf8") !== films) {
    throw new Error(
      `Expected ${filmsPath} to hold the films of this seed and number of videos, got others. Pass another folder.`,
    );
  }
  for (const [i, { id, film }] of videos.entries()) {
    signal?.throwIfAborted();
    const path = join(folder, "videos", `${id}.mp4`);
    const wasThere = existsSync(path);
    if (!wasThere) await writeFilm(path, film, compassSize);
    onVideo?.(i + 1, wasThere);
  }
  writeAtomically(join(folder, "meta_info.json"), [json(meta)]);
  for (const format of compassFormats)
    writeAtomically(join(folder, "questions", `${format}.json`), [json(questions[format])]);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
