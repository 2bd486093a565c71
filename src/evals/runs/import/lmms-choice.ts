/** What a sample of lmms-eval tells of a multiple-choice question beside its text: options, right or wrong, video, groups. */

export type LmmsVerdict = Readonly<{
  /** null: no metric says. */
  correct: boolean | null;
  /** The task's own rule found no answer. */
  isUnread: boolean;
  id: string | null;
  video: string | null;
  groups: Readonly<Record<string, string>>;
}>;

type Fields = Readonly<Record<string, unknown>>;

/** Keys of a sample that are no metrics. */
const plain = new Set(
  "doc_id doc target input arguments resps filtered_resps filter metrics doc_hash prompt_hash target_hash input_tokens output_tokens reasoning_tokens temporal submission".split(
    " ",
  ),
);
const predicted = ["pred_answer", "parsed_pred", "pred", "prediction"];
const gold = ["answer", "gt_answer", "gt", "label"];
const numbers = ["score", "correct", "rating", "accuracy", "acc"];
const videoKeys = ["video_id", "videoID", "video", "video_name", "video_path"];
const idKeys = ["question_id", "qid", "id"];
const groupKeys = ["duration", "task_type", "task_category", "category", "sub_category", "dim", "task", "task_name"];

/** Read the metrics of a sample: numbers, or objects that hold the answer read and the right one. */
export function verdictOf(row: Fields): LmmsVerdict {
  const metrics = Object.entries(row).filter(([key]) => !plain.has(key));
  const objects = metrics.flatMap(([, value]) => (isFields(value) ? [value] : []));
  const [first = {}] = objects;
  const text = (keys: readonly string[]) => {
    const value = keys.map((key) => first[key]).find((each) => typeof each === "string" || typeof each === "number");
    return value === undefined ? null : String(value);
  };
  const groups = groupKeys.flatMap((key) => (typeof first[key] === "string" ? [[key, first[key]] as const] : []));
  const [said, right] = [text(predicted), text(gold)];
  const own = said !== null && right !== null ? same(said, right) : (numberIn(first) ?? numericMetric(metrics));
  return {
    correct: own,
    isUnread: said === "",
    id: text(idKeys),
    video: text(videoKeys),
    groups: Object.fromEntries(groups),
  };
}

/** Options on lines "A. x", "(A) x" or "A) x", and the place of the target: a letter, or an option's text. */
export function lettersOfPrompt(
  prompt: string,
  target: string,
): Readonly<{ options: readonly string[]; answerIndex: number }> {
  const options: string[] = [];
  for (const match of prompt.matchAll(/^\s*\(?([A-Z])[.)]\s*(.+?)\s*$/gm)) {
    if (match[1] === String.fromCharCode(65 + options.length)) options.push(match[2] as string);
  }
  const named = options.findIndex((option) => same(option, target));
  // "A" and "A. x" name a letter, "A dog" does not.
  const letter = named === -1 ? /^\s*\(?([A-Z])(?:[.):]|\s*$)/.exec(target)?.[1] : undefined;
  return { options, answerIndex: letter === undefined ? named : letter.charCodeAt(0) - 65 };
}

function numericMetric(metrics: readonly (readonly [string, unknown])[]): boolean | null {
  const value = metrics.map(([, each]) => each).find((each) => each === 0 || each === 1 || typeof each === "boolean");
  return value === undefined ? null : Boolean(value);
}

function numberIn(fields: Fields): boolean | null {
  const value = numbers.map((key) => fields[key]).find((each) => each === 0 || each === 1 || typeof each === "boolean");
  return value === undefined ? null : Boolean(value);
}

function same(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
