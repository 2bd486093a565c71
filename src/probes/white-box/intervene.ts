/** Log-probabilities of a question's answers under any number of interventions. */
import type { PromptReader } from "../../chat/index.ts";
import type { GroupedPrompt, Intervention, WhiteBox } from "../../nn/models/index.ts";
import { type LookQuestion, type PositionGroup, type PreparedQuestion, prepareQuestion } from "./prepare-question.ts";

/** An intervention by the groups of a context; groups are numbered alike in the contexts of a question but for the end. */
export type InterventionFor = (context: Readonly<{ groups: readonly PositionGroup[]; right: number }>) => Intervention;

/** The answers' log-probabilities under each intervention, in its order. */
export async function answersUnder(
  box: WhiteBox,
  prepared: PreparedQuestion,
  interventions: readonly InterventionFor[],
  options: Readonly<{ signal?: AbortSignal; onProgress?: (done: number) => void }> = {},
): Promise<number[][]> {
  const { contexts, groups, right, targets } = prepared;
  const asked = interventions.flatMap((intervene) =>
    contexts.map((context, c): [GroupedPrompt, Intervention] => [
      context,
      intervene({ groups: groups[c] ?? [], right }),
    ]),
  );
  const { onProgress, ...rest } = options;
  const scores = await box.score(asked, {
    ...rest,
    ...(onProgress && { onProgress: (done: number) => onProgress(Math.floor(done / contexts.length)) }),
  });
  return interventions.map((_, i) =>
    targets.map((tokens) =>
      tokens.reduce((sum, { context, target }) => sum + (scores[i * contexts.length + context]?.[target] as number), 0),
    ),
  );
}

/** Which option the untouched model finds likeliest. */
export async function likeliestAnswer(
  { reader, box }: Readonly<{ reader: PromptReader; box: WhiteBox }>,
  question: LookQuestion,
  signal?: AbortSignal,
): Promise<number> {
  const prepared = await prepareQuestion(reader, question, signal);
  const [answers] = await answersUnder(box, prepared, [() => ({})], signal ? { signal } : {});
  return likeliest(answers ?? []);
}

/** 100 (p - base) / base of the right answer, Map the Flow's measure. */
export function relativeChange(logProbability: number, base: number): number {
  return 100 * Math.expm1(logProbability - base);
}

/** Index of the likeliest answer. */
export function likeliest(logProbabilities: readonly number[]): number {
  return logProbabilities.indexOf(Math.max(...logProbabilities));
}
