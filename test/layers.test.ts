/**
 * The rule of the house: src/ is one ordered list of folders (layers.json). A file imports from its own folder, or from a
 * folder earlier in the list through that folder's index.ts. Type imports count.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const src = join(root, "src");
const layers = JSON.parse(readFileSync(join(root, "layers.json"), "utf8")) as string[];
const maxLines = 500;
/** The one way out of src/: commands run recipes, which stand on top of everything and use public entry points only. */
const isRecipeList = (from: string, to: string) => layerOf(from) === "cli" && to === join(root, "recipes", "index.ts");
/** Tables of data are exempt from the line limit. */
const isTable = (path: string) => path.endsWith(".table.ts");

type Import = { from: string; to: string };

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name));
}

function layerOf(path: string): string {
  const inside = relative(src, path).split(sep).join("/");
  const layer = layers.filter((name) => inside.startsWith(`${name}/`)).sort((a, b) => b.length - a.length)[0];
  if (layer === undefined && inside.includes("/"))
    throw new Error(`${inside} lies in no folder that layers.json lists.`);
  return layer ?? "";
}

function importsOf(path: string): Import[] {
  const text = readFileSync(path, "utf8");
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map((match) => match[1] as string);
  const urls = [...text.matchAll(/new URL\("(\.[^"]+\.ts)"/g)].map((match) => match[1] as string);
  return [...specifiers, ...urls].map((to) => ({ from: path, to: resolve(dirname(path), to) }));
}

const files = sourceFiles(src);
const isTest = (path: string) => path.endsWith(".test.ts");

test("every folder of layers.json that exists has an index.ts", () => {
  const missing = layers.filter((name) => existsSync(join(src, name)) && !existsSync(join(src, name, "index.ts")));
  expect(missing).toEqual([]);
});

test("imports go up the list only, and through index.ts", () => {
  const wrong = files.flatMap(importsOf).flatMap(({ from, to }) => {
    const where = `${relative(root, from)} -> ${relative(root, to)}`;
    if (!to.startsWith(src + sep)) return isTest(from) || isRecipeList(from, to) ? [] : [`${where}: leaves src/`];
    const [a, b] = [layerOf(from), layerOf(to)];
    if (a === b || a === "") return [];
    if (layers.indexOf(b) > layers.indexOf(a)) return [`${where}: ${a} stands above ${b}`];
    return to === join(src, b, "index.ts") ? [] : [`${where}: import ${b}/index.ts instead`];
  });
  expect(wrong).toEqual([]);
});

test("no cycles, type imports included", () => {
  const graph = new Map(
    files.filter((path) => !isTest(path)).map((path) => [path, importsOf(path).map(({ to }) => to)]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      cycles.push([...trail.slice(trail.indexOf(path)), path].map((p) => relative(src, p)).join(" -> "));
      return;
    }
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  expect(cycles).toEqual([]);
});

test(`no source file is longer than ${maxLines} lines`, () => {
  const long = files.filter((path) => !isTable(path) && readFileSync(path, "utf8").split("\n").length > maxLines);
  expect(long.map((path) => relative(root, path))).toEqual([]);
});
