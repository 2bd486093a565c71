/**
 * Films: shots and what an editor makes of them, as plain serialisable data. The edits are those that TempCompass builds its
 * conflicting videos with (arXiv 2403.00476, section 3): reversed, sped up, one after another, one above another.
 *
 * Editing moves frames and never changes one: a film and its reverse consist of the same pictures.
 */
import type { RgbaImage } from "../media/image/index.ts";
import { writeMp4 } from "../media/video/index.ts";
import { type ImageSize, paint } from "./paint.ts";
import { actorsAt, type Shot } from "./shot.ts";

/**
 * - sped: every `factor`-th frame, at the same frame rate; trimmed: the first `frames` frames.
 * - joined: one after another. stacked: both at once, each filling its half of the frame; as long as the shorter one.
 */
export type Film = Readonly<
  | { cut: "shot"; shot: Shot }
  | { cut: "reversed"; film: Film }
  | { cut: "sped"; film: Film; factor: number }
  | { cut: "trimmed"; film: Film; frames: number }
  | { cut: "joined"; films: readonly Film[] }
  | { cut: "stacked"; above: Film; below: Film }
>;

/** Length in frames and frame rate. Throws a RangeError where parts differ in frame rate or an edit leaves no frame. */
export function clockOfFilm(film: Film): { frames: number; fps: number } {
  const clock = measured(film);
  if (Number.isInteger(clock.frames) && clock.frames > 0) return clock;
  throw new RangeError(`Expected a film of at least one whole frame, got ${clock.frames} frames after "${film.cut}".`);
}

/** Frame k of a film, k in [0, frames). */
export function renderFilmFrame(film: Film, frame: number, size: ImageSize): RgbaImage {
  switch (film.cut) {
    case "shot":
      return renderShotFrame(film.shot, frame, size);
    case "reversed":
      return renderFilmFrame(film.film, clockOfFilm(film).frames - 1 - frame, size);
    case "sped":
      return renderFilmFrame(film.film, frame * film.factor, size);
    case "trimmed":
      return renderFilmFrame(film.film, frame, size);
    case "joined": {
      let start = 0;
      for (const part of film.films) {
        const { frames } = clockOfFilm(part);
        if (frame < start + frames) return renderFilmFrame(part, frame - start, size);
        start += frames;
      }
      throw new RangeError(`Expected a frame in [0, ${start}) of the film, got ${frame}.`);
    }
    case "stacked": {
      const half = { width: size.width, height: size.height / 2 };
      const halves = [film.above, film.below].map((part) => renderFilmFrame(part, frame, half));
      const data = new Uint8ClampedArray(4 * size.width * size.height);
      for (const [i, { data: pixels }] of halves.entries()) data.set(pixels, i * pixels.length);
      return { ...size, data };
    }
    default:
      return film satisfies never;
  }
}

/** Every frame of a film in order. */
export function* renderFilm(film: Film, size: ImageSize): Generator<RgbaImage> {
  const { frames } = clockOfFilm(film);
  for (let frame = 0; frame < frames; frame++) yield renderFilmFrame(film, frame, size);
}

/** Write a film as an mp4 (H.264), whole or not at all. Sides in pixels: an even width, a height that 4 divides. */
export async function writeFilm(path: string, film: Film, size: ImageSize): Promise<void> {
  await writeMp4(path, renderFilm(film, size), { fps: clockOfFilm(film).fps });
}

function renderShotFrame(shot: Shot, frame: number, size: ImageSize): RgbaImage {
  const items = actorsAt(shot, frame);
  const names = { light: `${shot.seed}/light/0`, grain: `${shot.seed}/grain/${frame}` };
  return paint({ background: shot.background, items, ...names }, size);
}

function measured(film: Film): { frames: number; fps: number } {
  switch (film.cut) {
    case "shot":
      return { frames: film.shot.frames, fps: film.shot.fps };
    case "reversed":
      return clockOfFilm(film.film);
    case "sped": {
      const { frames, fps } = clockOfFilm(film.film);
      return { frames: Math.ceil(frames / film.factor), fps };
    }
    case "trimmed": {
      const { frames, fps } = clockOfFilm(film.film);
      return { frames: Math.min(frames, film.frames), fps };
    }
    case "joined": {
      const parts = film.films.map(clockOfFilm);
      return { frames: parts.reduce((sum, { frames }) => sum + frames, 0), fps: sameRate(parts) };
    }
    case "stacked": {
      const parts = [clockOfFilm(film.above), clockOfFilm(film.below)];
      return { frames: Math.min(...parts.map(({ frames }) => frames)), fps: sameRate(parts) };
    }
    default:
      return film satisfies never;
  }
}

function sameRate(parts: readonly { fps: number }[]): number {
  const rates = [...new Set(parts.map(({ fps }) => fps))];
  if (rates.length === 1) return rates[0] as number;
  throw new RangeError(`Expected parts of one frame rate, got ${rates.join(", ") || "no parts"}.`);
}
