/**
 * From conversations to what a decoder is fed: ids (chat-prompt.ts), rows of pictures (frame-encoder.ts), and positions where
 * they are of three kinds. Whoever answers, scores or looks inside reads its prompts here.
 */
import type { Shapes, Weights } from "../nn/checkpoint/index.ts";
import {
  decoderOf,
  eyesOf,
  type GenerativeConfig,
  modelShapes,
  mropePositions,
  type Prompt,
  VisualEncoder,
} from "../nn/models/index.ts";
import type { Device } from "../nn/runtime/index.ts";
import type { Tokenizer } from "../nn/tokenizer/index.ts";
import { type ChatPrompt, chatPrompt } from "./chat-prompt.ts";
import type { Dialogue } from "./dialogue.ts";
import { type FrameEncoder, frameEncoder } from "./frame-encoder.ts";
import type { ImageProcessor } from "./image-processor.ts";
import { framesOf, type Message } from "./message.ts";
import { visualsOf } from "./visual-parts.ts";

export type PromptParts = Readonly<{
  config: GenerativeConfig;
  /** Of every parameter, an adapter's included. Read, never written; they must stay as they are until dispose. */
  weights: Weights;
  tokenizer: Tokenizer;
  /** Needed by models with eyes. */
  preprocessor?: ImageProcessor;
  threads?: number;
  /** Where the graphs are computed. Default "cpu". */
  device?: Device;
  /** lora_alpha / r and the shapes with the adapter's parameters, when the weights have one. */
  loraScaling?: number;
  shapes?: Shapes;
}>;

/** Fed like a prompt; `isAnswer` says of each id whether the model is to say it. */
export type DialoguePrompt = Prompt & Pick<Dialogue, "isAnswer">;

/** Reads until it is disposed. */
export type PromptReader = ChatPrompt &
  Readonly<{
    /** null of a model that reads text alone. */
    encoder: FrameEncoder | null;
    /** Throws a RangeError where a prompt with an answer of so many tokens (default 32) has more than the model's positions. */
    read(
      conversations: readonly (readonly Message[])[],
      options: Readonly<{ maxNewTokens?: number; signal?: AbortSignal }>,
    ): Promise<Prompt[]>;
    /** A conversation with its answers, to learn them; or, where it has more ids than `most` or the model's positions, how many. */
    readDialogue(
      messages: readonly Message[],
      options: Readonly<{ most: number; signal?: AbortSignal }>,
    ): Promise<DialoguePrompt | Readonly<{ tooLong: number }>>;
    dispose(): Promise<void>;
  }>;

/** Throws an Error when parts do not fit each other. */
export function promptReader(parts: PromptParts): PromptReader {
  const { config, weights, tokenizer, preprocessor, threads, device = "cpu", loraScaling, shapes } = parts;
  const eyes = eyesOf(config);
  if (eyes && !preprocessor) throw new TypeError(`Expected a preprocessor for a ${config.model_type} model, got none.`);
  const visualEncoder = eyes
    ? new VisualEncoder(
        eyes,
        { weights, shapes: shapes ?? modelShapes(config) },
        { device, ...(threads !== undefined && { threads }), ...(loraScaling !== undefined && { loraScaling }) },
      )
    : null;
  const encoder = visualEncoder && preprocessor ? frameEncoder(visualEncoder, preprocessor) : null;
  const prompt = chatPrompt(tokenizer, encoder);
  const withPictures = async (
    conversations: readonly (readonly Message[])[],
    ids: readonly (readonly number[])[],
    signal: AbortSignal | undefined,
  ): Promise<Prompt[]> => {
    if (encoder === null) return ids.map((each) => ({ ids: each }));
    const visuals = conversations.map((messages) => visualsOf(messages, encoder.eyes.placeholderFor));
    const rows = await encoder.encode(visuals.flat(), signal);
    return visuals.map((each, i) => {
      const grids = each.map(encoder.grid).filter((grid) => grid !== null);
      const prepared = { ids: ids[i] as readonly number[], images: rows.splice(0, each.length) };
      return grids.length === 0
        ? prepared
        : { ...prepared, positions: mropePositions(prepared.ids, encoder.eyes.tokenId, grids) };
    });
  };
  const { decoder } = decoderOf(config);
  const stopIds = [...new Set([...decoder.eos_token_ids, ...(tokenizer.eosId === null ? [] : [tokenizer.eosId])])];
  return {
    ...prompt,
    encoder,
    async read(conversations, { maxNewTokens = 32, signal }) {
      const ids = conversations.map(prompt.ids);
      checkLengths(config, { conversations, ids, maxNewTokens, encoder });
      return withPictures(conversations, ids, signal);
    },
    async readDialogue(messages, { most, signal }) {
      const { ids, isAnswer } = prompt.dialogue(messages, stopIds);
      if (ids.length > Math.min(most, decoder.max_position_embeddings)) return { tooLong: ids.length };
      const [prepared] = await withPictures([messages], [ids], signal);
      return { ...(prepared as Prompt), isAnswer };
    },
    async dispose() {
      await visualEncoder?.dispose();
    },
  };
}

/** Said here, where frames are known, rather than by the generator. */
function checkLengths(
  config: GenerativeConfig,
  {
    conversations,
    ids,
    maxNewTokens,
    encoder,
  }: Readonly<{
    conversations: readonly (readonly Message[])[];
    ids: readonly (readonly number[])[];
    maxNewTokens: number;
    encoder: FrameEncoder | null;
  }>,
): void {
  const limit = decoderOf(config).decoder.max_position_embeddings;
  const longest = ids.findIndex(({ length }) => length + maxNewTokens - 1 > limit);
  if (longest < 0) return;
  const { length } = ids[longest] as readonly number[];
  const frames = framesOf(conversations[longest] as readonly Message[]);
  const each =
    encoder && frames.length > 0 ? ` of ${Math.round(encoder.rows(frames) / frames.length)} tokens each` : "";
  throw new RangeError(
    `Expected a prompt and answer of at most ${limit} tokens, got ${length} (${frames.length} frames${each}) and up to ${maxNewTokens}. Pass fewer frames or allow a shorter answer.`,
  );
}
