/**
 * Answers about films in a file of the run's folder. Replies that an earlier call got to the same questions are not asked for again;
 * how they are read and what they score is worked out at every call.
 */
import { existsSync, readFileSync } from "node:fs";
import { writeAtomically } from "../../src/core/files/index.ts";

export type FilmQuestion = Readonly<{
  film: string;
  kind: "moment" | "highlights" | "dense";
  query: string;
  /** Of all events: the whole film. */
  truth: readonly [number, number];
}>;

/** `value` is the iou of a moment, the average precision (VeryGood) of highlights, SODA_c of all events; `hit` is HIT@1. */
export type FilmAnswer = FilmQuestion &
  Readonly<{
    reply: string;
    read: readonly [number, number] | null;
    /** Why the reply could not be read. */
    unparsed: string | null;
    value: number;
    hit: number | null;
  }>;

export type KeptAnswers = Readonly<{
  path: string;
  /** All that the replies depend on beside the questions, as JSON. */
  asked: Readonly<Record<string, unknown>>;
  questions: readonly FilmQuestion[];
  /** A reply to each question. */
  ask: () => Promise<readonly string[]>;
  /** The replies read and scored. */
  read: (replies: readonly string[]) => readonly FilmAnswer[];
}>;

export async function keptAnswers(kept: KeptAnswers): Promise<readonly FilmAnswer[]> {
  const answers = kept.read(earlierReplies(kept) ?? (await askNow(kept)));
  write(kept, answers);
  return answers;
}

async function askNow(kept: KeptAnswers): Promise<readonly string[]> {
  const replies = await kept.ask();
  const answers = kept.questions.map((question, i) => ({ ...question, reply: replies[i] }));
  write(kept, answers);
  return replies;
}

function write({ path, asked }: KeptAnswers, answers: readonly object[]): void {
  writeAtomically(path, [`${JSON.stringify({ asked, answers }, null, 1)}\n`]);
}

function earlierReplies({ path, asked, questions }: KeptAnswers): string[] | undefined {
  if (!existsSync(path)) return undefined;
  const earlier = JSON.parse(readFileSync(path, "utf8")) as { asked: unknown; answers: FilmAnswer[] };
  const told = earlier.answers.map(({ film, kind, query, truth }): FilmQuestion => ({ film, kind, query, truth }));
  const isSame = JSON.stringify([earlier.asked, told]) === JSON.stringify([asked, questions]);
  return isSame ? earlier.answers.map(({ reply }) => reply) : undefined;
}
