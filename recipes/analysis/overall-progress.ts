/**
 * One line of progress over many pieces of work of very different length, each weighed by the seconds that it should take.
 */
import type { Progress } from "../recipe.ts";

/** A piece of work: seconds on two quiet cores, and whether an earlier call has done it. */
export type Piece = Readonly<{ key: string; seconds: number; done: boolean }>;

export type OverallProgress = Readonly<{
  /** Begin a piece: what is reported there moves the line. The piece before is over. */
  piece(key: string, what: string): Progress;
  note(line: string): void;
  finish(note: string): void;
}>;

export function overallProgress(progress: Progress, name: string, pieces: readonly Piece[]): OverallProgress {
  const byKey = new Map(pieces.map((piece) => [piece.key, piece]));
  const sum = (some: readonly Piece[]) => some.reduce((total, { seconds }) => total + seconds, 0);
  const all = Math.max(1e-9, sum(pieces));
  const percent = (seconds: number) => Math.round((1000 * seconds) / all) / 10;
  let done = sum(pieces.filter((piece) => piece.done));
  let current: Piece | undefined;
  const task = progress.task(name, { total: 100, unit: "%", begun: percent(done) });
  const end = () => {
    if (current && !current.done) done += current.seconds;
    current = undefined;
  };
  return {
    piece(key, what) {
      end();
      const piece = byKey.get(key) ?? { key, seconds: 0, done: true };
      current = piece;
      const share = piece.done ? 0 : piece.seconds;
      task.update(percent(done), what);
      return {
        task: (_, { total }) => ({
          update: (value, note) => {
            const seconds = done + (share * value) / Math.max(1, total);
            task.update(percent(seconds), note === undefined ? what : `${what}, ${note}`);
          },
          finish() {},
        }),
        note: progress.note,
      };
    },
    note: progress.note,
    finish(note) {
      end();
      task.update(percent(done));
      task.finish(note);
    },
  };
}
