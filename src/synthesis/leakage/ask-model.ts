/**
 * The same questions put to a model three times: with the captions in order, shuffled, and with no captions at all.
 */
import { type ChatModel, userMessage } from "../../chat/index.ts";
import type { Rng } from "../../core/math/index.ts";
import { accuracy, accuracyDifference, type Difference } from "../../core/metrics/index.ts";
import { parseChoice } from "../../core/text/index.ts";
import { askT3 } from "../t3/index.ts";
import type { LeakageItem } from "./item.ts";

export const CONDITIONS = ["in order", "shuffled", "no captions"] as const;
export type Condition = (typeof CONDITIONS)[number];

/** Percent right under a condition; unparsed replies count as wrong and are counted. */
export type ConditionScore = Readonly<{
  condition: Condition;
  n: number;
  unparsed: number;
  value: number | null;
  low: number | null;
  high: number | null;
  /** In order minus this condition, in points, over the same questions; null for the first. */
  difference: Difference | null;
}>;

export type AskOptions = Readonly<{
  rng: Rng;
  batch?: number;
  onAsked?: (count: number) => void;
  signal?: AbortSignal;
}>;

const REPLY_TOKENS = 64;

/** Ask everything. Questions without captions are only asked blind. */
export async function askModel(
  model: ChatModel,
  items: readonly LeakageItem[],
  options: AskOptions,
): Promise<ConditionScore[]> {
  const { rng, signal, onAsked = () => {}, batch = 16 } = options;
  const replies = new Map<Condition, { correct: boolean; unparsed: boolean }[]>();
  const shown = items.filter(({ captions }) => captions.length > 1);
  let asked = 0;
  for (const condition of CONDITIONS) {
    const own: { correct: boolean; unparsed: boolean }[] = [];
    replies.set(condition, own);
    const among = condition === "no captions" ? items : shown;
    for (let from = 0; from < among.length; from += batch) {
      const group = among.slice(from, from + batch);
      const conversations = group.map((item) => [userMessage(askT3(item, captionsOf(item, condition, rng)))]);
      const answers = await model.generateMany(conversations, {
        maxNewTokens: REPLY_TOKENS,
        ...(signal && { signal }),
      });
      for (const [i, item] of group.entries()) {
        const choice = parseChoice(answers[i]?.text ?? "", item.options);
        own.push({
          correct: choice.kind === "choice" && choice.index === item.answerIndex,
          unparsed: choice.kind === "unparsed",
        });
      }
      asked += group.length;
      onAsked(asked);
    }
  }
  const inOrder = replies.get("in order") ?? [];
  return CONDITIONS.map((condition) => {
    const own = replies.get(condition) ?? [];
    const among = condition === "no captions" ? items : shown;
    const outcomes = own.map(({ correct }, i) => ({ correct, cluster: among[i]?.cluster as string }));
    const { n, value, low, high } = accuracy(outcomes, { rng: rng.fork(condition) });
    const blind = new Map(among.map((item, i) => [item, own[i]?.correct as boolean]));
    const pairs = shown.map((item, i) => ({
      base: blind.get(item) as boolean,
      other: inOrder[i]?.correct as boolean,
      cluster: item.cluster,
    }));
    const difference =
      condition === "in order" ? null : accuracyDifference(pairs, { rng: rng.fork(`difference/${condition}`) });
    return { condition, n, unparsed: own.filter(({ unparsed }) => unparsed).length, value, low, high, difference };
  });
}

/** Another order than the right one, where the lines differ at all. */
function captionsOf({ id, captions }: LeakageItem, condition: Condition, rng: Rng): readonly string[] {
  if (condition === "in order") return captions;
  if (condition === "no captions") return [];
  const draws = rng.fork(`shuffle/${id}`);
  for (let i = 0; i < 20; i++) {
    const order = draws.shuffle(captions);
    if (order.some((line, at) => line !== captions[at])) return order;
  }
  return captions;
}
