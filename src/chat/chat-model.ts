/**
 * The contract between questions and whatever answers them. Implementations lie beside it: a checkpoint in this process
 * (local-model.ts), a script of replies (scripted-model.ts), endpoints and past runs (providers/).
 */
import type { Message, MessagePart } from "./message.ts";

export type ReplyOptions = Readonly<{
  /** Default 32. */
  maxNewTokens?: number;
  /** 0 (the default) takes the likeliest token every time. */
  temperature?: number;
  topP?: number;
  /**
   * Answers that grow side by side, of which the likeliest is given. Default 1; not together with a temperature, and models
   * behind endpoints have none.
   */
  beams?: number;
  /** Of beams: an answer's log-probability is divided by its tokens to the power of this. Default 1. */
  lengthPenalty?: number;
  /** Names the draws where temperature is above 0. Default 0. */
  seed?: number | string;
  /** The answer ends before the first of these texts, as if the model had ended it. */
  stop?: readonly string[];
  /** The form that the answer is wanted in. A model that cannot be held to it answers freely: read every reply as text. */
  schema?: AnswerSchema;
  /** Ask for the log-probabilities of the answer's tokens, with so many alternatives each (0: the tokens alone). */
  logProbabilities?: number;
  /** Stops between two tokens by throwing the signal's reason. */
  signal?: AbortSignal;
}>;

/** A JSON Schema with a name of letters, digits, "_" and "-". */
export type AnswerSchema = Readonly<{ name: string; schema: Readonly<Record<string, unknown>> }>;

export type ManyOptions = ReplyOptions &
  Readonly<{
    /** Told how many of the conversations are answered, whenever that grows. */
    onProgress?: (answered: number) => void;
    /** Told each reply once, as soon as it is there, with the index of its conversation; also where the call fails later. */
    onReply?: (reply: Reply, index: number) => void;
    /** Told each piece of an answer as it is written (or the whole at once); the pieces of a conversation are its reply's text. */
    onText?: (piece: string, index: number) => void;
    /** Asked between tokens: does anybody still wait for this reply? One that nobody does breaks off where it is. */
    isWanted?: (index: number) => boolean;
  }>;

/** Natural logarithms, before temperature and top-p. */
export type TokenLogProbability = Readonly<{
  token: string;
  logProbability: number;
  /** The likeliest tokens at this place, best first; as many as were asked for. */
  alternatives: readonly Readonly<{ token: string; logProbability: number }>[];
}>;

/** `finish` says whether the model ended its answer or ran into maxNewTokens. */
export type Reply = Readonly<{
  text: string;
  finish: "stop" | "length";
  /** Tokens read and written; null where the model does not count. */
  promptTokens: number | null;
  newTokens: number | null;
  /** Of the answer's tokens in order; null where they were not asked for or are not offered. */
  logProbabilities: readonly TokenLogProbability[] | null;
}>;

/** What questions will take, without asking them. */
export type PromptPlanner = Readonly<{
  /** Tokens of prompt and answer together at most; null where it is not known. */
  context: number | null;
  /** How tokens are found, in words. */
  basis: string;
  /** Tokens of a prompt, of whose pictures only the sizes matter; null where nobody knows what pictures take. */
  promptTokens(messages: readonly Message[]): number | null;
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
  /** How pictures travel to it ("frames", "video-url"), where there is more than one way. */
  shape?: string;
  /** Absent where there is nothing to plan (scripts, past runs). */
  planner?: PromptPlanner;
  generate(messages: readonly Message[], options?: ReplyOptions): Promise<Reply>;
  /** The answer's text piece by piece as it is written; returns the whole reply, whose text is the pieces joined. */
  stream(messages: readonly Message[], options?: ReplyOptions): AsyncGenerator<string, Reply, undefined>;
  /** Replies in the order of the conversations; what one says does not depend on the others. Faster than one by one. */
  generateMany(conversations: readonly (readonly Message[])[], options?: ManyOptions): Promise<Reply[]>;
  /**
   * log p(option | messages) of each option as the whole beginning of the answer, summed over its tokens; nothing is
   * generated. null where the model cannot tell.
   */
  scoreOptions(
    messages: readonly Message[],
    options: readonly string[],
    control?: Readonly<{ signal?: AbortSignal }>,
  ): Promise<number[] | null>;
  /** Every word of a closed vocabulary, in alphabetical order; null where it is open. */
  vocabulary: readonly string[] | null;
  /** Words of a text that the model's vocabulary lacks, each once; models of open vocabulary know all. */
  unknownWords(text: string): string[];
  dispose(): Promise<void>;
}>;
