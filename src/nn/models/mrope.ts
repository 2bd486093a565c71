/**
 * Rotary positions of three kinds, time, height and width (M-RoPE, Wang et al. 2024, arXiv:2409.12191, section 2.1).
 *
 * Text counts on all three together. A video counts time by its own clock, height and width by its grid, all from where the
 * text before it ended; text goes on behind the largest of them. Angles are computed here and fed, because they depend on
 * what a prompt shows.
 */
import type { Feeds } from "../runtime/index.ts";
import type { DecoderConfig } from "./decoder-config.ts";

/** A video's place in position space: when each unit is (from 0, in positions), and rows and columns of its tokens. */
export type VisualGrid = Readonly<{ times: readonly number[]; rows: number; columns: number }>;

/** Positions of a prompt's ids, one list a kind, and the position of the id that follows. */
export type RotaryPositions = Readonly<{ kinds: readonly [number[], number[], number[]]; next: number }>;

/** Positions of ids of which every run of visual tokens takes the next grid. */
export function mropePositions(ids: readonly number[], tokenId: number, grids: readonly VisualGrid[]): RotaryPositions {
  const kinds: [number[], number[], number[]] = [[], [], []];
  let next = 0;
  let grid = 0;
  for (let t = 0; t < ids.length; ) {
    if (ids[t] !== tokenId) {
      for (const kind of kinds) kind.push(next);
      next++;
      t++;
      continue;
    }
    const shown = grids[grid++];
    if (shown === undefined) throw new RangeError(`Expected ${grids.length} videos in the prompt, got more.`);
    const { times, rows, columns } = shown;
    for (const time of times) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          kinds[0].push(next + time);
          kinds[1].push(next + row);
          kinds[2].push(next + column);
        }
      }
    }
    t += times.length * rows * columns;
    next += Math.max(times.at(-1) ?? 0, rows - 1, columns - 1) + 1;
  }
  return { kinds, next };
}

type Positioned = Readonly<{ ids: ArrayLike<number>; positions?: RotaryPositions }>;

/** Cosines and sines of every position of a batch of prompts: (B * T, head_dim / 2); nothing for decoders without M-RoPE. */
export function rotaryFeeds(
  config: DecoderConfig,
  { prompts, batch, length }: Readonly<{ prompts: readonly Positioned[]; batch: number; length: number }>,
): Feeds {
  if (config.mrope_section === undefined) return {};
  return angles(config, batch * length, (row) => {
    const prompt = prompts[Math.floor(row / length)];
    const t = row % length;
    return prompt ? positionsAt(prompt, t) : [0, 0, 0];
  });
}

/** The same for places t of prompts, of any decoder: (places, head_dim / 2). */
export function rotaryRows(config: DecoderConfig, places: readonly Readonly<{ prompt: Positioned; t: number }>[]) {
  return angles(config, places.length, (row) => {
    const { prompt, t } = places[row] as (typeof places)[number];
    return positionsAt(prompt, t);
  });
}

/** Behind the positions that are known all three count on together. */
function positionsAt({ positions }: Positioned, t: number): readonly [number, number, number] {
  if (positions === undefined) return [t, t, t];
  const known = positions.kinds[0].length;
  const [time, height, width] = positions.kinds;
  if (t < known) return [time[t] as number, height[t] as number, width[t] as number];
  const behind = positions.next + t - known;
  return [behind, behind, behind];
}

function angles(config: DecoderConfig, rows: number, at: (row: number) => readonly [number, number, number]): Feeds {
  const half = config.head_dim / 2;
  const section = config.mrope_section ?? [half];
  /** Which kind of position turns each pair of channels. */
  const kinds = section.flatMap((count, kind) => new Array<number>(count).fill(kind));
  // In float32, as transformers computes frequencies and angles.
  const frequencies = Array.from({ length: half }, (_, i) =>
    Math.fround(1 / Math.fround(config.rope_theta ** ((2 * i) / config.head_dim))),
  );
  const cosines = new Float32Array(rows * half);
  const sines = new Float32Array(rows * half);
  for (let row = 0; row < rows; row++) {
    const positions = at(row);
    for (let i = 0; i < half; i++) {
      const angle = Math.fround((positions[kinds[i] as number] as number) * (frequencies[i] as number));
      cosines[row * half + i] = Math.cos(angle);
      sines[row * half + i] = Math.sin(angle);
    }
  }
  return { rotary_cosines: cosines, rotary_sines: sines };
}
