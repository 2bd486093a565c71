/**
 * Which tokens decide between the options of a question: each option is read up to where it differs from all others, and
 * prompts that go on alike are run once.
 */

/** A continuation of the prompt, and what is asked behind each of its ids: `depth` ids in, which token? */
export type AnswerReading = Readonly<{
  /** Ids that follow the prompt in one run; none of them is the beginning of another. */
  contexts: readonly (readonly number[])[];
  /** Of each option: log p is the sum over these. */
  options: readonly (readonly Readonly<{ context: number; depth: number; id: number }>[])[];
  /** Ids with which all options begin; behind them they part. */
  common: readonly number[];
}>;

/** A single option is read whole. Throws a RangeError when two options are the same tokens. */
export function answerReading(options: readonly (readonly number[])[]): AnswerReading {
  const beginnings = options.map((option, i) => {
    const others = options.filter((_, j) => j !== i);
    const needed = Math.max(0, ...others.map((other) => commonLength(option, other))) + 1;
    if (others.some((other) => other.length === option.length && commonLength(option, other) === option.length)) {
      throw new RangeError("Expected options of different tokens, got two that are the same. Word them differently.");
    }
    return others.length === 0 ? option : option.slice(0, needed);
  });
  const paths = beginnings.map((ids) => ids.slice(0, -1));
  const isCovered = (path: readonly number[], i: number) =>
    paths.some((other, j) =>
      other.length === path.length
        ? j < i && commonLength(other, path) === path.length
        : commonLength(other, path) === path.length && other.length > path.length,
    );
  const contexts = paths.filter((path, i) => !isCovered(path, i));
  const first = options[0] ?? [];
  const shared = Math.min(...options.map((option) => Math.min(commonLength(option, first), option.length - 1)));
  return {
    contexts,
    options: beginnings.map((ids) => {
      const context = contexts.findIndex((each) => commonLength(each, ids.slice(0, -1)) === ids.length - 1);
      return ids.map((id, depth) => ({ context, depth, id }));
    }),
    common: options.length === 1 ? [] : first.slice(0, shared),
  };
}

function commonLength(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((id, i) => id !== b[i]);
  return differs < 0 ? a.length : differs;
}
