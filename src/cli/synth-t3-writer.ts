/**
 * The language model behind `synth t3 --writer`: opened with its solver and its cache, closed together.
 */
import type { ChatModel } from "../chat/index.ts";
import type { Caption } from "../data/index.ts";
import {
  openReplyCache,
  type ReplyCache,
  type Split,
  type T3Row,
  WRITTEN_FAMILIES,
  type Writer,
  type WrittenFamily,
  writeT3,
} from "../synthesis/index.ts";
import type { CommandContext } from "./context.ts";
import { type ModelFlags, openFlaggedModel } from "./model-flags.ts";

/** A row, and who wrote it where that was a model. */
export type MadeRow = Readonly<{ row: T3Row; writer?: Writer }>;

type WriterPlan = Readonly<{
  writer: string | undefined;
  solver: string | undefined;
  cache: string;
  /** How writer and solver are asked, and what both together may cost. */
  asking: ModelFlags;
  families: readonly string[];
  seed: string;
  padding: readonly number[];
  split: Split | "both";
  validation: number;
  context: "first-sentence" | "full";
}>;

export type OpenWriter = Readonly<{
  model: ChatModel;
  cache: ReplyCache;
  /** Families that the model writes, out of those asked for. */
  families: readonly WrittenFamily[];
  rows(captions: readonly Caption[], options: RowOptions): AsyncGenerator<MadeRow>;
  close(): Promise<void>;
}>;

type RowOptions = Readonly<{ rows: number; onSkip: (reason: string, caption?: Caption) => void }>;

/** Open the models and the cache; undefined where no writer is asked for. Throws where it would have nothing to write. */
export async function openWriter(plan: WriterPlan, context: CommandContext): Promise<OpenWriter | undefined> {
  if (plan.writer === undefined) return undefined;
  const families = WRITTEN_FAMILIES.filter((name) => plan.families.includes(name));
  if (families.length === 0) {
    throw new RangeError(
      `Expected ${WRITTEN_FAMILIES.join(" or ")} among --families with --writer, got ${plan.families.join(", ")}.`,
    );
  }
  const signal = context.interruptible();
  const open = (reference: string) => openFlaggedModel(reference, plan.asking, context, { textOnly: true });
  const flagged = await open(plan.writer);
  const { model } = flagged;
  const solver = plan.solver === undefined ? undefined : (await open(plan.solver)).model;
  const cache = openReplyCache(plan.cache);
  return {
    model,
    cache,
    families,
    async *rows(captions, { rows, onSkip }) {
      const { seed, padding, split, validation, context: lines } = plan;
      const { name, fingerprint } = model;
      const how = { seed, rows, families, padding, split, validation, context: lines };
      const options = { ...how, model, cache, onSkip, signal };
      for await (const { row, checkedBy } of writeT3(captions, { ...options, ...(solver && { solver }) })) {
        yield { row, writer: { model: name, fingerprint, checkedBy } };
      }
    },
    async close() {
      cache.close();
      await model.dispose();
      await solver?.dispose();
      const usage = flagged.usageLine();
      if (usage !== null) process.stderr.write(`${usage}\n`);
    },
  };
}
