/** What package.json promises: every folder under its sub-path, the command, the types beside them. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
type Package = { exports: Record<string, string>; bin: Record<string, string> };
const { exports, bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Package;
const layers = JSON.parse(readFileSync(join(root, "layers.json"), "utf8")) as string[];
/** The source that the build makes a file from. */
const sourceOf = (built: string) => join(root, built.replace(/^\.\/dist\//, "").replace(/\.js$/, ".ts"));

test("the entry and the command are built from sources that exist", () => {
  expect(existsSync(sourceOf(exports["."] as string))).toBe(true);
  const command = readFileSync(join(root, bin.zoetrope as string), "utf8");
  expect(command).toMatch(/^#!\/usr\/bin\/env node\n/);
  const built = /"\.\.(\/dist\/[^"]+)"/.exec(command)?.[1];
  expect(existsSync(sourceOf(`.${built}`)), built).toBe(true);
});

test("every folder of layers.json is a sub-path", () => {
  const pattern = exports["./*"] as string;
  const finished = layers.filter((layer) => existsSync(join(root, "src", layer)));
  const missing = finished.filter((layer) => !existsSync(sourceOf(pattern.replace("*", layer))));
  expect(missing).toEqual([]);
});
