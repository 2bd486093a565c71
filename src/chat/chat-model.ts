/**
 * The contract between questions and whatever answers them. Implementations lie beside it: a checkpoint in this process
 * (local-model.ts) and a script of replies (scripted-model.ts).
 */
import type { Message, MessagePart } from "./message.ts";

export type ReplyOptions = Readonly<{
  /** Default 32. */
  maxNewTokens?: number;
  /** 0 (the default) takes the likeliest token every time. */
  temperature?: number;
  topP?: number;
  /** Names the draws where temperature is above 0. Default 0. */
  seed?: number | string;
  /** Stops between two tokens by throwing the signal's reason. */
  signal?: AbortSignal;
}>;

export type ManyOptions = ReplyOptions &
  Readonly<{
    /** Told how many of the conversations are answered, whenever that grows. */
    onProgress?: (answered: number) => void;
  }>;

/** `finish` says whether the model ended its answer or ran into maxNewTokens. */
export type Reply = Readonly<{
  text: string;
  finish: "stop" | "length";
  /** Tokens read and written; null where the model does not count. */
  promptTokens: number | null;
  newTokens: number | null;
}>;

/** Answers conversations until it is disposed. */
export type ChatModel = Readonly<{
  /** As the user named it. */
  name: string;
  accepts: readonly MessagePart["type"][];
  /**
   * Changes whenever the answers could: a hash of everything that they depend on, "local:3f2a...". Computed at the first
   * look (a large checkpoint takes seconds), so leave it alone where it is not needed.
   */
  fingerprint: string;
  generate(messages: readonly Message[], options?: ReplyOptions): Promise<Reply>;
  /** Replies in the order of the conversations; what one says does not depend on the others. Faster than one by one. */
  generateMany(conversations: readonly (readonly Message[])[], options?: ManyOptions): Promise<Reply[]>;
  /** Every word of a closed vocabulary, in alphabetical order; null where it is open. */
  vocabulary: readonly string[] | null;
  /** Words of a text that the model's vocabulary lacks, each once; models of open vocabulary know all. */
  unknownWords(text: string): string[];
  dispose(): Promise<void>;
}>;
