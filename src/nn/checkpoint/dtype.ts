/**
 * Tensors in memory, and the bytes of a safetensors file turned into them.
 *
 * Two kinds of number reach the engine: float32 and int32. Half floats are widened, 64-bit integers narrowed with a check.
 */

/** Row-major values with their shape; [] is a scalar. */
export type TensorData = Readonly<{ shape: readonly number[]; data: Float32Array | Int32Array }>;

/** Bytes that a number takes, by safetensors' type names, of the types that can be read. */
export const readableTypes: Readonly<Record<string, number>> = { F32: 4, F16: 2, BF16: 2, F64: 8, I32: 4, I64: 8 };

/**
 * Decode little-endian bytes of one tensor. F32, F16, BF16 and F64 give Float32Array; I32 and I64 give Int32Array.
 * Throws for other types and for I64 beyond 32 bits; `where` names tensor and file.
 */
export function decodeNumbers(dtype: string, bytes: Uint8Array<ArrayBuffer>, where: string): Float32Array | Int32Array {
  // A fresh allocation starts at offset 0, so that every typed array over it is aligned.
  const buffer = bytes.byteOffset % 8 === 0 ? bytes.buffer : bytes.slice().buffer;
  const offset = bytes.byteOffset % 8 === 0 ? bytes.byteOffset : 0;
  switch (dtype) {
    case "F32":
      return new Float32Array(buffer, offset, bytes.length / 4);
    case "I32":
      return new Int32Array(buffer, offset, bytes.length / 4);
    case "F16": {
      const table = halfTable();
      const halves = new Uint16Array(buffer, offset, bytes.length / 2);
      const out = new Float32Array(halves.length);
      for (let i = 0; i < out.length; i++) out[i] = table[halves[i] as number] as number;
      return out;
    }
    case "BF16": {
      const out = new Uint32Array(bytes.length / 2);
      const halves = new Uint16Array(buffer, offset, out.length);
      for (let i = 0; i < out.length; i++) out[i] = (halves[i] as number) << 16;
      return new Float32Array(out.buffer);
    }
    case "F64":
      return Float32Array.from(new Float64Array(buffer, offset, bytes.length / 8));
    case "I64":
      return Int32Array.from(new BigInt64Array(buffer, offset, bytes.length / 8), (value) => {
        const narrow = BigInt.asIntN(32, value);
        if (narrow !== value) throw new RangeError(`Expected 32-bit integers in ${where}, got ${value}.`);
        return Number(narrow);
      });
    default:
      throw new Error(
        `Expected ${Object.keys(readableTypes).join(", ")} for ${where}, got ${dtype}. Convert the checkpoint first.`,
      );
  }
}

let halves: Float32Array | undefined;

/** All 65,536 binary16 numbers: a look-up is three times as fast as taking the bits apart. */
function halfTable(): Float32Array {
  halves ??= Float32Array.from({ length: 65_536 }, (_, bits) => halfToNumber(bits));
  return halves;
}

/** IEEE 754 binary16 bits to a number. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** float32 numbers as binary16, rounded to nearest even; what is too large becomes infinite. */
export function toHalves(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.slice().buffer);
  return Uint16Array.from(bits, (word) => {
    const sign = (word >>> 16) & 0x8000;
    const magnitude = word & 0x7fffffff;
    if (magnitude > 0x7f800000) return sign | 0x7e00;
    // 65520, half way between the largest binary16 and the next.
    if (magnitude >= 0x477ff000) return sign | 0x7c00;
    if (magnitude < 0x38800000) {
      const whole = roundHalfEven(Math.abs(floatOf(word)) * 2 ** 24);
      return sign | whole;
    }
    const rebased = magnitude - 0x38000000;
    return sign | ((rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13);
  });
}

const scratch = new DataView(new ArrayBuffer(4));

function floatOf(bits: number): number {
  scratch.setUint32(0, bits);
  return scratch.getFloat32(0);
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
