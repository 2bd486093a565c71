/**
 * The language model behind `synth t3 --writer`: opened with its solver and its cache, closed together.
 */
import { type ChatModel, openModel } from "../chat/index.ts";
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

/** A row, and who wrote it where that was a model. */
export type MadeRow = Readonly<{ row: T3Row; writer?: Writer }>;

type WriterPlan = Readonly<{
  writer: string | undefined;
  solver: string | undefined;
  cache: string;
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
export async function openWriter(plan: WriterPlan, signal: AbortSignal): Promise<OpenWriter | undefined> {
  if (plan.writer === undefined) return undefined;
  const families = WRITTEN_FAMILIES.filter((name) => plan.families.includes(name));
  if (families.length === 0) {
    throw new RangeError(
      `Expected ${WRITTEN_FAMILIES.join(" or ")} among --families with --writer, got ${plan.families.join(", ")}.`,
    );
  }
  const model = await openModel(plan.writer, { textOnly: true });
  const solver = plan.solver === undefined ? undefined : await openModel(plan.solver, { textOnly: true });
  const cache = openReplyCache(plan.cache);
  return {
    model,
    cache,
    families,
    async *rows(captions, { rows, onSkip }) {
      const { seed, padding, split, validation, context } = plan;
      const { name, fingerprint } = model;
      const options = { model, cache, seed, rows, families, padding, split, validation, context, onSkip, signal };
      for await (const { row, checkedBy } of writeT3(captions, { ...options, ...(solver && { solver }) })) {
        yield { row, writer: { model: name, fingerprint, checkedBy } };
      }
    },
    async close() {
      cache.close();
      await model.dispose();
      await solver?.dispose();
    },
  };
}
