/**
 * Model references, as every command's --model takes them.
 */
import type { ChatModel } from "./chat-model.ts";
import { type OpenLocalOptions, openLocalModel } from "./open-local-model.ts";
import { openScriptedModel } from "./scripted-model.ts";

/** References of endpoints and of past runs, which later versions will open. */
const planned = /^(?:https?:\/\/|openai:|replay:)/;

/** Open `micro`, a checkpoint folder or `scripted:FILE`. Throws an Error that says what is wrong with the reference. */
export async function openModel(reference: string, options: OpenLocalOptions = {}): Promise<ChatModel> {
  if (reference.startsWith("scripted:")) return openScriptedModel(reference.slice("scripted:".length));
  if (planned.test(reference)) {
    throw new Error(
      `Models behind endpoints and replayed runs are not yet supported, got "${reference}". Pass micro, a checkpoint folder or scripted:FILE.`,
    );
  }
  return openLocalModel(reference, options);
}
