/** Fingerprints that were seen, 13 to 27 bytes each in one array: ten million in a Set took a GB, and a Set ends at 2^24. */

const least = 1 << 10;
/** Of the places; beyond it the array is doubled. */
const fullest = 0.6;

/** A set of whole numbers from 0 to 2^53 - 1, by open addressing. */
export class FingerprintSet {
  /** Numbers plus one; 0 is a free place. */
  #places = new Float64Array(least);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(fingerprint: number): boolean {
    return this.#places[this.#placeOf(fingerprint)] !== 0;
  }

  /** Adding what is there changes nothing. */
  add(fingerprint: number): void {
    const place = this.#placeOf(fingerprint);
    if (this.#places[place] !== 0) return;
    this.#places[place] = fingerprint + 1;
    this.#size++;
    if (this.#size > fullest * this.#places.length) this.#double();
  }

  /** Where it stands, or the free place where it would. */
  #placeOf(fingerprint: number): number {
    const places = this.#places;
    const last = places.length - 1;
    // Both halves count: the low bits alone repeat in runs of like questions.
    let place = (Math.imul(fingerprint / 2 ** 21, 0x9e3779b1) ^ fingerprint) & last;
    while (places[place] !== 0 && places[place] !== fingerprint + 1) place = (place + 1) & last;
    return place;
  }

  #double(): void {
    const earlier = this.#places;
    this.#places = new Float64Array(2 * earlier.length);
    for (const stored of earlier) if (stored !== 0) this.#places[this.#placeOf(stored - 1)] = stored;
  }
}
