/** Oracles: T3's formula for the plan, sets of row numbers for the mixture, a bijection for the shuffle. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import type { Conversation } from "./conversation.ts";
import { readConversations, writeConversations } from "./conversation-file.ts";
import { mixFiles } from "./mix.ts";
import { planMixture } from "./mixture-plan.ts";
import { permutation } from "./permutation.ts";
import { openRowTable } from "./row-table.ts";
import { provenancePath } from "./write-rows.ts";

const folder = mkdtempSync(join(tmpdir(), "mix-"));
const row = (id: string): Conversation => ({
  id,
  turns: [
    { from: "human", value: `question ${id}` },
    { from: "gpt", value: `answer ${id}` },
  ],
});
async function file(name: string, count: number, notes = false): Promise<string> {
  const path = join(folder, `${name}.json`);
  const rows = Array.from({ length: count }, (_, i) => row(`${name}-${i}`));
  await writeConversations(path, rows, "llava", notes ? { provenance: ({ id }) => ({ id, family: name }) } : {});
  return path;
}
async function idsOf(path: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of readConversations(path, "llava")) ids.push(id);
  return ids;
}

describe("the shuffle without memory", () => {
  test.each([0, 1, 2, 100, 65_537, 200_003])("is a bijection of %i numbers", (n) => {
    const at = permutation(n, new Rng(n));
    const seen = new Uint8Array(n);
    for (let i = 0; i < n; i++) seen[at(i)] = 1;
    expect(seen.every((mark) => mark === 1)).toBe(true);
  });

  test("spreads every stretch of places over all sources of places", () => {
    const n = 100_000;
    const at = permutation(n, new Rng("spread"));
    const cells = new Float64Array(100);
    for (let i = 0; i < n; i++) {
      const cell = Math.floor((10 * i) / n) * 10 + Math.floor((10 * at(i)) / n);
      cells[cell] = (cells[cell] as number) + 1;
    }
    // A cell expects 1,000 with a standard deviation below 30; 99.9 % of chi-square with 81 degrees of freedom lie below 127.
    const chiSquare = cells.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(127);
  });
});

test("rows are read by number in any order, from every layout", async () => {
  for (const space of [undefined, 2]) {
    const path = join(folder, "table.json");
    writeFileSync(
      path,
      JSON.stringify(
        Array.from({ length: 40_000 }, (_, i) => ({ i, text: "é".repeat(i % 7) })),
        null,
        space,
      ),
    );
    const table = await openRowTable(path);
    const wanted = [39_999, 0, 17, 17, 20_000];
    expect(table.rows).toBe(40_000);
    expect(table.read(wanted).map((text) => (JSON.parse(text) as { i: number }).i)).toEqual(wanted);
    table.close();
  }
});

describe("the plan", () => {
  test("is the reference's where the sources are large enough: (n_sources - 1) x limit x ratio", () => {
    const limit = 100_000;
    for (const ratio of [1, 2]) {
      const sources = [...Array.from({ length: 3 }, () => ({ rows: 150_000, limit })), { rows: 1_000_000 }];
      const { taken, total } = planMixture(sources, { ratio, total: 200_000 });
      expect(taken).toEqual([limit, limit, limit, 3 * limit * ratio]);
      expect(total).toBe(200_000);
    }
  });

  test("says where a source has less than was asked of it, and can hold the ratio to what is there", () => {
    const sources = [{ rows: 30, limit: 100 }, { rows: 1000 }];
    expect(planMixture(sources, { ratio: 2 })).toEqual({ asked: [100, 200], taken: [30, 200], total: 230 });
    expect(planMixture(sources, { ratio: 2, ratioOf: "rows" })).toEqual({
      asked: [100, 60],
      taken: [30, 60],
      total: 90,
    });
  });

  test("refuses a ratio of one source, and none or a negative one", () => {
    expect(() => planMixture([{ rows: 3 }], { ratio: 2 })).toThrow(/two or more/);
    expect(() => planMixture([{ rows: 3 }, { rows: 3 }], { ratio: -1 })).toThrow(/ratio/);
    expect(() => planMixture([])).toThrow(/one source/);
  });
});

describe("a mixture", () => {
  const options = { format: "llava", seed: 1234 } as const;

  test("takes different rows of each source, as many as planned, in mixed order", async () => {
    const files = [
      { path: await file("a", 1000), format: "llava", limit: 300 },
      { path: await file("b", 200), format: "llava", limit: 300 },
      { path: await file("c", 5000), format: "llava" },
    ] as const;
    const output = join(folder, "mix.json");
    const mixture = await mixFiles(files, output, { ...options, ratio: 2 });
    const ids = await idsOf(output);
    expect(new Set(ids).size).toBe(ids.length);
    const counts = ["a", "b", "c"].map((name) => ids.filter((id) => id.startsWith(name)).length);
    expect(counts).toEqual([300, 200, 1200]);
    expect(mixture).toMatchObject({ rows: 1700, ratio: { nominal: 2, realised: 1200 / 500 } });
    expect(mixture.sources.map(({ asked, taken, written }) => [asked, taken, written])).toEqual([
      [300, 300, 300],
      [300, 200, 200],
      [1200, 1200, 1200],
    ]);
    const firstHalf = ids.slice(0, 850).filter((id) => id.startsWith("c")).length;
    expect(Math.abs(firstHalf - 600)).toBeLessThan(60);
  });

  test("same seed, same bytes; another seed, other rows; a total cuts the same order short", async () => {
    const files = [{ path: await file("d", 400), format: "llava", limit: 100 } as const];
    const write = async (name: string, more: object) => {
      await mixFiles(files, join(folder, name), { ...options, ...more });
      return idsOf(join(folder, name));
    };
    const first = await write("one.json", {});
    expect(await write("two.json", {})).toEqual(first);
    expect(await write("three.json", { seed: 1 })).not.toEqual(first);
    expect(await write("four.json", { total: 30 })).toEqual(first.slice(0, 30));
  });

  test("notes where each row comes from, with what its own file notes of it", async () => {
    const files = [
      { path: await file("e", 20, true), format: "llava" },
      { path: await file("f", 20), format: "llava" },
    ] as const;
    const output = join(folder, "noted.json");
    await mixFiles(files, output, options);
    const notes = readFileSync(provenancePath(output), "utf8").trimEnd().split("\n");
    const ids = await idsOf(output);
    for (const [i, line] of notes.entries()) {
      const [name, number] = (ids[i] as string).split("-");
      const origin = { file: `${name}.json`, row: Number(number) + 1 };
      expect(JSON.parse(line)).toEqual(name === "e" ? { ...origin, id: ids[i], family: "e" } : origin);
    }
  });

  test("keeps unknown keys within a layout, and says what another layout has no place for", async () => {
    const path = join(folder, "extra.jsonl");
    writeFileSync(path, `${JSON.stringify({ id: 1, weight: 3, conversations: row("x").turns })}\n`);
    const files = [{ path, format: "llava" }] as const;
    const [same, other] = [join(folder, "same.json"), join(folder, "other.jsonl")];
    expect((await mixFiles(files, same, options)).lost).toEqual({});
    expect(JSON.parse(readFileSync(same, "utf8"))).toMatchObject([{ weight: 3 }]);
    expect((await mixFiles(files, other, { ...options, format: "swift" })).lost).toEqual({ '"weight"': 1 });
  });

  test("a row that is none is named, and an earlier output stays", async () => {
    const [path, output] = [join(folder, "broken.jsonl"), join(folder, "kept.json")];
    writeFileSync(path, '{"id": 1}\n');
    writeFileSync(output, "kept");
    await expect(mixFiles([{ path, format: "llava" }], output, options)).rejects.toThrow(/broken\.jsonl: .*row 1/);
    expect(readFileSync(output, "utf8")).toBe("kept");
  });
});
