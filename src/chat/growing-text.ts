/**
 * A text that is given out while it grows, without white space at its ends: the pieces join to the trimmed whole.
 */
export class GrowingText {
  #given = "";

  /** What was given so far. */
  get text(): string {
    return this.#given;
  }

  /** Take all of the text up to now; gives what is new and certain, which white space at the end is not yet. */
  grow(whole: string): string {
    const piece = whole.trim().slice(this.#given.length);
    this.#given += piece;
    return piece;
  }
}
