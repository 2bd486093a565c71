/**
 * Ask a model every question of a benchmark and record the answers.
 *
 * How a question meets frames and a model is the caller's: `ask` gets the samples of a batch and gives a reply for each.
 */
import type { Sample } from "../tasks/index.ts";
import { type Answer, type Reply, readAnswer } from "./answer.ts";
import { answerOf, answerRow, openRunLog, type RunConfig } from "./runs/index.ts";

/** A run log: its file, and the run that it records. */
export type AnswerLog = Readonly<{ path: string; config: RunConfig }>;

export type EvaluateProgress = Readonly<{
  done: number;
  of: number;
  resumed: number;
  correct: number;
  unparsed: number;
}>;

export type EvaluateOptions = Readonly<{
  samples: readonly Sample[];
  ask: (samples: readonly Sample[]) => Promise<readonly Reply[]>;
  /** Where answers are recorded; questions that it holds already are not asked again. Opened and closed here. */
  log?: AnswerLog;
  onProgress?: (progress: EvaluateProgress) => void;
  signal?: AbortSignal;
  /** Samples a call of `ask`. */
  batch?: number;
}>;

/** The answers in the order of the samples. Stops between batches when the signal says so (throws its reason). */
export async function evaluate(options: EvaluateOptions): Promise<Answer[]> {
  const { samples, log } = options;
  const places = placesOf(samples);
  const answers = new Map<string, Answer>();
  if (!log) return askRest(options, answers, () => {});
  const open = openRunLog(log.path, log.config, {
    onRow(row) {
      const sample = samples[places.get(row.doc.id) ?? -1];
      if (sample) answers.set(sample.id, checkSameQuestion(answerOf(row), sample, log.path));
    },
  });
  try {
    return await askRest(options, answers, (asked, replies) => {
      const placed = asked.map((sample, i) => ({
        sample,
        reply: replies[i] as Reply,
        place: places.get(sample.id) as number,
      }));
      open.append(placed.map((each) => answerRow(each, log.config)));
    });
  } finally {
    open.close();
  }
}

async function askRest(
  { samples, ask, onProgress, signal, batch = 16 }: EvaluateOptions,
  answers: Map<string, Answer>,
  record: (samples: readonly Sample[], replies: readonly Reply[]) => void,
): Promise<Answer[]> {
  const resumed = answers.size;
  const tally = () => {
    const all = [...answers.values()];
    const [correct, unparsed] = [all.filter((answer) => answer.correct).length, countUnparsed(all)];
    onProgress?.({ done: all.length, of: samples.length, resumed, correct, unparsed });
  };
  tally();
  const open = samples.filter(({ id }) => !answers.has(id));
  for (let start = 0; start < open.length; start += batch) {
    signal?.throwIfAborted();
    const asked = open.slice(start, start + batch);
    const replies = await ask(asked);
    if (replies.length !== asked.length) {
      throw new RangeError(`Expected a reply to each of ${asked.length} questions, got ${replies.length} from ask().`);
    }
    record(asked, replies);
    for (const [i, sample] of asked.entries()) answers.set(sample.id, readAnswer(sample, replies[i] as Reply));
    tally();
  }
  return samples.map(({ id }) => answers.get(id) as Answer);
}

/** How many replies could not be read as a choice. */
export function countUnparsed(answers: readonly Answer[]): number {
  return answers.filter(({ parsed }) => parsed.kind === "unparsed").length;
}

function placesOf(samples: readonly Sample[]): Map<string, number> {
  const places = new Map<string, number>();
  for (const [place, { id }] of samples.entries()) {
    if (places.has(id)) {
      throw new RangeError(`Expected every sample to have an id of its own, got "${id}" more than once.`);
    }
    places.set(id, place);
  }
  return places;
}

function checkSameQuestion(answer: Answer, sample: Sample, path: string): Answer {
  const key = ({ task, video, question, options, answerIndex }: Sample) =>
    JSON.stringify([task, video, question, options, answerIndex]);
  if (key(answer.sample) === key(sample)) return answer;
  throw new Error(
    `Expected ${path} to hold the question "${sample.id}" as it is asked now, got another wording, video or answer. Give this run another folder.`,
  );
}
