/**
 * How much of each pixel an outline covers, exactly: the signed area between every edge and the right border, summed along
 * each row. Outlines must not overlap themselves; those of type do not.
 */

/** Values 0 to 1, row by row, with one column more than the width for what edges leave to their right. */
export class Coverage {
  readonly width: number;
  readonly height: number;
  readonly #stride: number;
  readonly #changes: Float64Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.#stride = width + 1;
    this.#changes = new Float64Array(this.#stride * height);
  }

  /** Add an edge in pixels, y downwards. Throws a RangeError where it leaves the bitmap. */
  addEdge(x0: number, y0: number, x1: number, y1: number): void {
    const [low, high] = [Math.min(x0, x1), Math.max(x0, x1)];
    if (low < 0 || high > this.width || Math.min(y0, y1) < 0 || Math.max(y0, y1) > this.height) {
      throw new RangeError(
        `Expected an edge within ${this.width}x${this.height} px, got (${x0}, ${y0})-(${x1}, ${y1}).`,
      );
    }
    if (y0 === y1) return;
    const slope = (x1 - x0) / (y1 - y0);
    const [top, bottom] = [Math.min(y0, y1), Math.max(y0, y1)];
    const sign = y0 < y1 ? 1 : -1;
    for (let row = Math.floor(top); row < bottom; row++) {
      const [from, to] = [Math.max(top, row), Math.min(bottom, row + 1)];
      const clamp = (x: number) => Math.min(high, Math.max(low, x));
      this.#addWithinRow(row, sign * (to - from), clamp(x0 + (from - y0) * slope), clamp(x0 + (to - y0) * slope));
    }
  }

  /** The share of each pixel that is covered, (height, width). */
  values(): Float32Array {
    const values = new Float32Array(this.width * this.height);
    for (let row = 0; row < this.height; row++) {
      let sum = 0;
      for (let x = 0; x < this.width; x++) {
        sum += this.#changes[row * this.#stride + x] as number;
        values[row * this.width + x] = Math.min(1, Math.abs(sum));
      }
    }
    return values;
  }

  /** An edge of signed height `rise` inside one row, cut where it goes from one pixel to the next. */
  #addWithinRow(row: number, rise: number, x0: number, x1: number): void {
    const [left, right] = [Math.min(x0, x1), Math.max(x0, x1)];
    const start = row * this.#stride;
    for (let x = left, pixel = Math.min(Math.floor(left), this.width - 1); ; pixel++) {
      const next = Math.min(right, pixel + 1);
      const part = right > left ? (rise * (next - x)) / (right - left) : rise;
      const beyond = part * ((x + next) / 2 - pixel);
      this.#changes[start + pixel] = (this.#changes[start + pixel] as number) + part - beyond;
      this.#changes[start + pixel + 1] = (this.#changes[start + pixel + 1] as number) + beyond;
      if (next >= right) return;
      x = next;
    }
  }
}
