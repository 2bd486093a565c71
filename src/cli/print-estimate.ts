/**
 * What --dry-run prints: a plan of questions, frames, tokens and cost; nothing was asked.
 */
import type { Estimate } from "../chat/index.ts";
import { printJson, printText } from "./context.ts";

export type PlannedRun = Readonly<{
  /** "eval tvbench". */
  command: string;
  model: string;
  /** Of questions that no model will be asked (videos missing). */
  unasked?: number;
  /** Does asking cost money? */
  isPaid: boolean;
  json: boolean;
}>;

export function printEstimate(estimate: Estimate, { command, model, unasked = 0, isPaid, json }: PlannedRun): void {
  if (json) {
    const { basis, ...summary } = estimate;
    printJson({ command, dryRun: true, summary: { ...summary, unasked }, model, basis });
    return;
  }
  const lines = estimateLines(estimate, { unasked, isPaid });
  printText(`${command}, ${model}: nothing was asked.\n${lines.join("\n")}`);
}

/** One line each of what is known, and what would make the rest known. */
export function estimateLines(
  estimate: Estimate,
  { unasked, isPaid }: Readonly<{ unasked: number; isPaid: boolean }>,
): string[] {
  const { questions, frames, tokensRead, tokensWritten, cost, longest, context, fits, fittingFrames, basis } = estimate;
  const count = (n: number) => n.toLocaleString("en");
  const left = unasked === 0 ? "" : `, ${count(unasked)} more whose video is missing or broken`;
  const tokens =
    tokensRead === null
      ? `tokens: not known for this model's pictures; zoetrope doctor --endpoint measures them`
      : `tokens: about ${count(tokensRead)} read, at most ${count(tokensWritten)} written${basis === null ? "" : ` (${basis})`}`;
  const money =
    cost === null
      ? `cost: not known${tokensRead === null ? "" : "; pass --price READ,WRITTEN of a million tokens"}`
      : `cost: at most ${cost.toPrecision(3)}`;
  const takes = longest === null ? "" : `the longest question takes ${count(longest)} tokens`;
  const room =
    fits === null
      ? `context: ${[takes, context === null ? "what the model takes is not known" : `the model takes ${count(context)}`].filter((part) => part !== "").join("; ")}`
      : fits
        ? `context: ${takes} of ${count(context as number)}, which fits`
        : `context: ${takes}, the model takes ${count(context as number)}: at most ${count(fittingFrames as number)} frames fit`;
  const asked = `${count(questions)} question${questions === 1 ? "" : "s"}, ${count(frames)} frames${left}`;
  return [asked, tokens, ...(isPaid || cost !== null ? [money] : []), room];
}
