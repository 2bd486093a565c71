/** Oracle: files that PyTorch 1.13 wrote, with the same tensors as safetensors (test/parity/goldens.py). */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { readSafetensors, readTorchArchive } from "./index.ts";
import { readPickle } from "./pickle.ts";

const archives = resolve(import.meta.dirname, "../../../test/parity/archives");
const folder = mkdtempSync(join(tmpdir(), "zoetrope-torch-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("every type, view and parameter is read as PyTorch meant it", () => {
  const golden = readSafetensors(join(archives, "golden.safetensors"));
  const archive = readTorchArchive(join(archives, "tensors.bin"));
  expect([...archive.tensors.keys()].sort()).toEqual([...golden.tensors.keys()].sort());
  for (const name of golden.tensors.keys()) expect(archive.read(name), name).toEqual(golden.read(name));
});

test("a TorchScript module gives its parameters, as clip.load's files do", () => {
  const golden = readSafetensors(join(archives, "module.safetensors"));
  const archive = readTorchArchive(join(archives, "module.pt"));
  expect(new Map([...archive.tensors.keys()].map((name) => [name, archive.read(name)]))).toEqual(
    new Map(["scale", "inner.weight", "inner.bias"].map((name) => [name, golden.read(name)])),
  );
});

test("a pickle that names a function is refused by that name, and the function is not run", () => {
  const log = vi.spyOn(console, "log");
  expect(() => readTorchArchive(join(archives, "hostile.bin"))).toThrow(
    /hostile\.bin: its pickle asks for "__builtin__\.print".*Nothing of it was run/,
  );
  expect(log).not.toHaveBeenCalled();
});

test("names of Python and of JavaScript are not reachable in any spelling", () => {
  const pickle = (text: string) => Buffer.from(text, "latin1");
  const options = { globals: () => undefined, persistent: () => null, where: "x.bin" };
  for (const name of ["os\nsystem", "builtins\neval", "torch\nload", "constructor\n__proto__", "toString\ncall"]) {
    expect(() => readPickle(pickle(`\x80\x02c${name}\n.`), options)).toThrow(/Refused x\.bin/);
    const [module = "", member = ""] = name.split("\n");
    const short = (word: string) => `\x8c${String.fromCharCode(word.length)}${word}`;
    expect(() => readPickle(pickle(`\x80\x04${short(module)}${short(member)}\x93.`), options)).toThrow(
      /Refused x\.bin/,
    );
  }
  // INST, OBJ and the extension registry can name things too; torch.save writes none of them.
  for (const opcode of ["ios\nsystem\n", "o", "\x82\x01"]) {
    expect(() => readPickle(pickle(`\x80\x02(${opcode}.`), options)).toThrow(/opcode that torch\.save writes/);
  }
});

test("the layout of before PyTorch 1.6 and other files are refused with what to do", () => {
  expect(() => readTorchArchive(join(archives, "before-1.6.bin"))).toThrow(/newer PyTorch/);
  expect(() => readTorchArchive(join(archives, "absent.bin"))).toThrow(/absent\.bin/);
});

test("an archive cut or changed anywhere is refused or read, never more", () => {
  const whole = readFileSync(join(archives, "tensors.bin"));
  const path = join(folder, "cut.bin");
  for (let length = 0; length < whole.length; length += 31) {
    writeFileSync(path, whole.subarray(0, length));
    expect(() => readTorchArchive(path)).toThrow(/cut\.bin/);
  }
  for (let at = 0; at < whole.length; at += 13) {
    const spoilt = Buffer.from(whole);
    spoilt[at] = (spoilt[at] as number) ^ 0x55;
    writeFileSync(path, spoilt);
    try {
      const archive = readTorchArchive(path);
      for (const name of archive.tensors.keys()) archive.read(name);
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
    }
  }
});
