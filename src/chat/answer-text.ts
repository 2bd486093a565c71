/**
 * Text out of token ids as they come, for streaming and for stop texts: whole characters only, no white space at either end,
 * nothing that a stop text would take back.
 */
import type { Tokenizer } from "../nn/tokenizer/index.ts";
import { GrowingText } from "./growing-text.ts";
import { cutAtStop, heldBack } from "./stop-texts.ts";

/** What a byte-level token gives that holds a part of a character. */
const partOfCharacter = "\uFFFD";

export class AnswerText {
  readonly #tokenizer: Tokenizer;
  readonly #stop: readonly string[];
  readonly #ids: number[] = [];
  /** Tokens decode differently at the beginning of a text, so each is decoded behind a few that are settled. */
  #settledFrom = 0;
  #settledTo = 0;
  #text = "";
  readonly #given = new GrowingText();

  constructor(tokenizer: Tokenizer, stop: readonly string[] = []) {
    this.#tokenizer = tokenizer;
    this.#stop = stop;
  }

  /** Take the next id. Gives the text that is certain by now and was not given before; `stopped` where a stop text is reached. */
  push(id: number): Readonly<{ piece: string; stopped: boolean }> {
    this.#ids.push(id);
    const before = this.#decode(this.#settledFrom, this.#settledTo);
    const now = this.#decode(this.#settledFrom, this.#ids.length);
    if (!now.endsWith(partOfCharacter)) {
      this.#text += now.slice(before.length);
      this.#settledFrom = this.#settledTo;
      this.#settledTo = this.#ids.length;
    }
    const { text, found } = cutAtStop(this.#text, this.#stop);
    const certain = found ? text.length : text.length - heldBack(text, this.#stop);
    return { piece: this.#given.grow(text.slice(0, certain)), stopped: found };
  }

  /** The rest, when no id follows. */
  finish(): string {
    const rest = this.#decode(this.#settledFrom, this.#ids.length).slice(
      this.#decode(this.#settledFrom, this.#settledTo).length,
    );
    return this.#given.grow(cutAtStop(this.#text + rest, this.#stop).text);
  }

  #decode(from: number, to: number): string {
    return this.#tokenizer.decode(this.#ids.slice(from, to), { skipSpecialTokens: true });
  }
}
