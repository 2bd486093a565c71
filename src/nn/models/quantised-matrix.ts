/**
 * Matrices of 4 or 8 bits a number with a float32 scale for every 32 numbers of a row: 5 or 9 bits a number in all.
 *
 * The layout is MatMulNBits' of ONNX Runtime (symmetric, no zero points): a block's numbers lie one behind the other, of two
 * 4-bit numbers in a byte the first one in the lower half; a stored q stands for (q - 2^(bits - 1)) times the scale.
 */

export type QuantisedBits = 4 | 8;
export type QuantisedMatrix = Readonly<{
  shape: readonly [out: number, inner: number];
  bits: QuantisedBits;
  /** (out, blocks a row, 32 bits / 8) */
  packed: Uint8Array;
  /** (out, blocks a row) */
  scales: Float32Array;
}>;
/** By the upstream name of the weight. */
export type QuantisedWeights = ReadonlyMap<string, QuantisedMatrix>;

export const blockLength = 32;

/** Bytes of a quantised matrix; the last block of a row is filled up. */
export function quantisedBytes([out, inner]: readonly [number, number], bits: QuantisedBits): number {
  return out * Math.ceil(inner / blockLength) * ((blockLength * bits) / 8 + 4);
}

/**
 * Round a row-major matrix (out, inner). A block's number of largest magnitude decides its scale: with 4 bits it becomes -8
 * exactly (which has no positive twin, so the scale takes its sign), with 8 bits 127 or -127.
 */
export function quantise(values: Float32Array, shape: readonly [number, number], bits: QuantisedBits): QuantisedMatrix {
  const [out, inner] = shape;
  const blocks = Math.ceil(inner / blockLength);
  const scales = new Float32Array(out * blocks);
  const zero = 2 ** (bits - 1);
  const packed = new Uint8Array((out * blocks * blockLength * bits) / 8).fill(bits === 8 ? zero : zero * 17);
  for (let row = 0; row < out; row++) {
    for (let block = 0; block < blocks; block++) {
      const start = row * inner + block * blockLength;
      const end = Math.min(start + blockLength, (row + 1) * inner);
      const scale = blockScale(values, start, end, bits);
      scales[row * blocks + block] = scale;
      if (scale === 0) continue;
      const place = (row * blocks + block) * blockLength;
      for (let i = start; i < end; i++) {
        const q = Math.min(Math.round((values[i] as number) / scale) + zero, 2 * zero - 1);
        const at = place + i - start;
        if (bits === 8) packed[at] = q;
        else {
          const byte = packed[at >> 1] as number;
          packed[at >> 1] = at % 2 === 0 ? (byte & 0xf0) | q : (byte & 0x0f) | (q << 4);
        }
      }
    }
  }
  return { shape: [out, inner], bits, packed, scales };
}

function blockScale(values: Float32Array, start: number, end: number, bits: QuantisedBits): number {
  let extreme = 0;
  for (let i = start; i < end; i++) {
    const value = values[i] as number;
    if (Math.abs(value) > Math.abs(extreme)) extreme = value;
  }
  if (extreme === 0) return 0;
  return Math.fround(bits === 4 ? extreme / -8 : Math.abs(extreme) / 127);
}

/** The numbers that a row stands for. */
export function dequantisedRow({ shape, bits, packed, scales }: QuantisedMatrix, row: number): Float32Array {
  const [, inner] = shape;
  const blocks = Math.ceil(inner / blockLength);
  const zero = 2 ** (bits - 1);
  return Float32Array.from({ length: inner }, (_, i) => {
    const block = row * blocks + Math.floor(i / blockLength);
    const at = block * blockLength + (i % blockLength);
    const q = bits === 8 ? (packed[at] as number) : ((packed[at >> 1] as number) >> (4 * (at % 2))) & 15;
    return (q - zero) * (scales[block] as number);
  });
}
