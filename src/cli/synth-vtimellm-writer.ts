/**
 * The language model behind `synth vtimellm --stage 3 --writer`: replies are kept, so that a run that was stopped goes on.
 */
import { dialoguePrompt, type EventList, openReplyCache, readDialogue, type VtimellmTurn } from "../synthesis/index.ts";
import type { CommandContext } from "./context.ts";
import { type ModelFlags, openFlaggedModel } from "./model-flags.ts";

export type WrittenDialogue =
  | Readonly<{ list: EventList; turns: readonly VtimellmTurn[] }>
  | Readonly<{ problem: string }>;

export type DialogueWriter = Readonly<{
  /** A dialogue for every list, in order, or what is wrong with the one that was written. */
  dialogues(lists: readonly EventList[]): AsyncGenerator<WrittenDialogue>;
  close(): Promise<void>;
}>;

const replyTokens = 512;
const promptsAtOnce = 8;

/** Open the model and its cache. */
export async function openDialogueWriter(
  { reference, cache: path, asking }: Readonly<{ reference: string; cache: string; asking: ModelFlags }>,
  context: CommandContext,
): Promise<DialogueWriter> {
  // Replies are kept in one file beside the rows, not a second time elsewhere.
  const flagged = await openFlaggedModel(reference, asking, context, { textOnly: true });
  const { model } = flagged;
  const cache = openReplyCache(path);
  return {
    async *dialogues(lists) {
      const bar = context.progress().task("dialogues", { total: lists.length, unit: "videos" });
      const signal = context.interruptible(`Stopping; replies so far are kept in ${path}.`);
      for (let from = 0; from < lists.length; from += promptsAtOnce) {
        const batch = lists.slice(from, from + promptsAtOnce);
        const replies = await cache.replies(model, batch.map(dialoguePrompt), { maxNewTokens: replyTokens, signal });
        for (const [i, list] of batch.entries()) {
          const read = readDialogue(replies[i]?.text ?? "", list);
          yield "problem" in read ? { problem: `dialogue with ${read.problem}` } : { list, turns: read.turns };
        }
        bar.update(from + batch.length);
      }
      bar.finish();
    },
    async close() {
      cache.close();
      await model.dispose();
      const usage = flagged.usageLine();
      if (usage !== null) process.stderr.write(`${usage}\n`);
    },
  };
}
