import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { readSafetensors, type TensorData, writeSafetensors } from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-safetensors-"));
afterAll(() => rmSync(folder, { recursive: true }));
const shared = process.env.ZOETROPE_SHARED ?? resolve(import.meta.dirname, "../../../../shared");
const parity = join(shared, "parity");

function randomTensors(seed: number): Map<string, TensorData> {
  const rng = new Rng(seed);
  return new Map(
    Array.from({ length: rng.integer(1, 6) }, (_, i): [string, TensorData] => {
      const shape = Array.from({ length: rng.below(4) }, () => rng.below(5));
      const length = shape.reduce((a, b) => a * b, 1);
      const data = rng.chance(0.5)
        ? Float32Array.from({ length }, () => rng.normal())
        : Int32Array.from({ length }, () => rng.integer(-9, 9));
      return [`tensor.${i}.é`, { shape, data }];
    }),
  );
}

/** A file as the format's description says, without our writer. */
function rawFile(header: unknown, data: Uint8Array): string {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const path = join(folder, "raw.safetensors");
  writeFileSync(path, Buffer.concat([length, json, data]));
  return path;
}

test("what is written is read back, scalars and empty tensors included", () => {
  for (let seed = 0; seed < 30; seed++) {
    const tensors = randomTensors(seed);
    const path = join(folder, "model.safetensors");
    writeSafetensors(path, tensors, { note: "x" });
    const file = readSafetensors(path);
    expect(file.metadata).toEqual({ note: "x" });
    expect(new Map([...file.tensors.keys()].map((name) => [name, file.read(name)]))).toEqual(
      new Map([...tensors].sort(([a], [b]) => (a < b ? -1 : 1))),
    );
  }
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test("half floats and 64-bit integers are converted (oracle: IEEE 754 bit patterns)", () => {
  // 1, -2, the smallest subnormal, the largest finite half, infinity.
  const half = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00);
  const brain = Uint16Array.of(0x3f80, 0xc000, 0x7f80);
  const wide = BigInt64Array.of(-5n, 7n);
  const data = Buffer.concat([wide, half, brain].map((a) => new Uint8Array(a.buffer)));
  const path = rawFile(
    {
      w: { dtype: "I64", shape: [2], data_offsets: [0, 16] },
      h: { dtype: "F16", shape: [5], data_offsets: [16, 26] },
      b: { dtype: "BF16", shape: [3], data_offsets: [26, 32] },
    },
    data,
  );
  const file = readSafetensors(path);
  expect([...file.read("h").data]).toEqual([1, -2, 2 ** -24, 65504, Infinity]);
  expect([...file.read("b").data]).toEqual([1, -2, Infinity]);
  expect([...file.read("w").data]).toEqual([-5, 7]);
});

test("an integer beyond 32 bits is refused with the tensor's name", () => {
  const data = new Uint8Array(BigInt64Array.of(2n ** 40n).buffer);
  const path = rawFile({ ids: { dtype: "I64", shape: [1], data_offsets: [0, 8] } }, data);
  expect(() => readSafetensors(path).read("ids")).toThrow(/ids.*1099511627776/);
});

test("a file cut anywhere is refused, never read as something else", () => {
  const path = join(folder, "cut.safetensors");
  writeSafetensors(path, new Map([["w", { shape: [3], data: Float32Array.of(1, 2, 3) }]]));
  const whole = readFileSync(path);
  for (let length = 0; length < whole.length; length++) {
    writeFileSync(path, whole.subarray(0, length));
    expect(() => readSafetensors(path)).toThrow(/truncated/);
  }
});

test("damaged headers are refused with the reason", () => {
  const entry = (begin: number, end: number, shape = [1]) => ({ dtype: "F32", shape, data_offsets: [begin, end] });
  const cases: [unknown, RegExp][] = [
    ["not json", /JSON/],
    [{ w: { dtype: "F32" } }, /tensor w/],
    [{ w: entry(0, 4, [2]) }, /8 bytes for tensor w/],
    [{ w: entry(4, 8) }, /hole or overlap/],
    [{ v: entry(0, 4), w: entry(0, 4) }, /hole or overlap/],
    [{ w: entry(0, 4) }, /after the last tensor/],
  ];
  for (const [header, message] of cases)
    expect(() => readSafetensors(rawFile(header, new Uint8Array(8)))).toThrow(message);
});

test("asking for an absent tensor or file names it", () => {
  expect(() => readSafetensors(join(folder, "absent.safetensors"))).toThrow(/absent\.safetensors/);
  const path = rawFile({ w: { dtype: "F32", shape: [1], data_offsets: [0, 4] } }, new Uint8Array(4));
  expect(() => readSafetensors(path).read("v")).toThrow(/tensor v/);
});

test.skipIf(!existsSync(parity))(
  "files of the reference writer are rewritten byte for byte (needs ../shared/parity)",
  () => {
    for (const name of readdirSync(parity)) {
      const source = join(parity, name, "golden.safetensors");
      if (!existsSync(source)) continue;
      const file = readSafetensors(source);
      const copy = join(folder, "copy.safetensors");
      writeSafetensors(copy, new Map([...file.tensors.keys()].map((key) => [key, file.read(key)])), file.metadata);
      expect(readFileSync(copy).equals(readFileSync(source)), name).toBe(true);
    }
  },
);
