/**
 * Ask a model every question of a benchmark and record the answers.
 *
 * How a question meets frames and a model is the caller's: `ask` gets the samples of a batch and gives a reply for each.
 */
import type { Sample } from "../tasks/index.ts";
import { type Answer, type Reply, readAnswer } from "./answer.ts";
import type { RunLog } from "./run-log.ts";

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
  /** Where answers are recorded; questions that it holds already are not asked again. */
  log?: RunLog;
  onProgress?: (progress: EvaluateProgress) => void;
  signal?: AbortSignal;
  /** Samples a call of `ask`. */
  batch?: number;
}>;

/** The answers in the order of the samples. Stops between batches when the signal says so (throws its reason). */
export async function evaluate(options: EvaluateOptions): Promise<Answer[]> {
  const { samples, ask, log, onProgress, signal, batch = 16 } = options;
  const answers = new Map<string, Answer>();
  const byId = indexSamples(samples);
  for (const answer of log?.answers ?? []) {
    const sample = byId.get(answer.sample.id);
    if (sample) answers.set(sample.id, checkSameQuestion(answer, sample, log as RunLog));
  }
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
    const read = asked.map((sample, i) => readAnswer(sample, replies[i] as Reply));
    log?.append(read);
    for (const answer of read) answers.set(answer.sample.id, answer);
    tally();
  }
  return samples.map(({ id }) => answers.get(id) as Answer);
}

/** How many replies could not be read as a choice. */
export function countUnparsed(answers: readonly Answer[]): number {
  return answers.filter(({ parsed }) => parsed.kind === "unparsed").length;
}

function indexSamples(samples: readonly Sample[]): Map<string, Sample> {
  const byId = new Map<string, Sample>();
  for (const sample of samples) {
    if (byId.has(sample.id)) {
      throw new RangeError(`Expected every sample to have an id of its own, got "${sample.id}" more than once.`);
    }
    byId.set(sample.id, sample);
  }
  return byId;
}

function checkSameQuestion(answer: Answer, sample: Sample, log: RunLog): Answer {
  const key = ({ task, video, question, options, answerIndex }: Sample) =>
    JSON.stringify([task, video, question, options, answerIndex]);
  if (key(answer.sample) === key(sample)) return answer;
  throw new Error(
    `Expected ${log.path} to hold the question "${sample.id}" as it is asked now, got another wording, video or answer. Give this run another folder.`,
  );
}
