/**
 * Ask a model every question of a benchmark and record the answers.
 *
 * How a question meets frames and a model is the caller's: `ask` gets the samples of a batch and gives a reply for each. It tells every
 * reply when it comes, so that the log has it before the batch is through.
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

/** Told a reply with the index of its sample in the batch; replies that were not told are taken from what `ask` gives back. */
export type OnReply = (reply: Reply, index: number) => void;

export type EvaluateOptions = Readonly<{
  samples: readonly Sample[];
  ask: (samples: readonly Sample[], onReply: OnReply) => Promise<readonly Reply[]>;
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
    return await askRest(options, answers, (sample, reply) => {
      open.append([answerRow({ sample, reply, place: places.get(sample.id) as number }, log.config)]);
    });
  } finally {
    open.close();
  }
}

async function askRest(
  { samples, ask, onProgress, signal, batch = 16 }: EvaluateOptions,
  answers: Map<string, Answer>,
  record: (sample: Sample, reply: Reply) => void,
): Promise<Answer[]> {
  const earlier = [...answers.values()];
  const resumed = earlier.length;
  let [correct, unparsed] = [earlier.filter((answer) => answer.correct).length, countUnparsed(earlier)];
  const report = () => onProgress?.({ done: answers.size, of: samples.length, resumed, correct, unparsed });
  report();
  const open = samples.filter(({ id }) => !answers.has(id));
  for (let start = 0; start < open.length; start += batch) {
    signal?.throwIfAborted();
    const asked = open.slice(start, start + batch);
    const take = (reply: Reply, i: number) => {
      const sample = asked[i] as Sample;
      record(sample, reply);
      const answer = readAnswer(sample, reply);
      answers.set(sample.id, answer);
      if (answer.correct) correct++;
      if (answer.parsed.kind === "unparsed") unparsed++;
      report();
    };
    const replies = await ask(asked, take);
    if (replies.length !== asked.length) {
      throw new RangeError(`Expected a reply to each of ${asked.length} questions, got ${replies.length} from ask().`);
    }
    for (const [i, { id }] of asked.entries()) if (!answers.has(id)) take(replies[i] as Reply, i);
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
