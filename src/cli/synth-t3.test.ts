import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { provenancePath, readConversations } from "../data/index.ts";
import { madeUpCaptions } from "../synthesis/index.ts";
import { captureOutput } from "./captured-output.fixture.ts";
import { createContext } from "./context.ts";
import { createProgram } from "./program.ts";

let folder: string;
let captions: string;
const captured = captureOutput();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "synth-"));
  captions = join(folder, "captions.jsonl");
  const rows = madeUpCaptions(300, new Rng(1)).map(({ id, text }) => JSON.stringify({ id, caption: text }));
  writeFileSync(captions, `${rows.join("\n")}\n`);
});

async function synth(...flags: string[]): Promise<void> {
  const context = createContext(() => true);
  const program = await createProgram(["synth"], context);
  try {
    await program.parseAsync(["synth", "t3", ...flags], { from: "user" });
  } finally {
    context.close();
  }
}

test.each(["llava", "t3-pairs", "sharegpt", "swift"] as const)(
  "%s rows are written and can be read back",
  async (format) => {
    const output = join(folder, "out");
    await synth("--captions", captions, "--format", format, "-o", output, "--rows", "200", "--padding", "1,2");
    let count = 0;
    for await (const row of readConversations(output, format)) {
      expect(row.turns.map(({ from }) => from)).toEqual(["human", "gpt"]);
      count++;
    }
    expect(count).toBe(200);
    expect(captured.stdout).toContain("200 rows from 300 captions");
  },
);

test("--json prints one object whose summary is flat", async () => {
  await synth("--captions", captions, "-o", join(folder, "out.json"), "--json", "--families", "order,control");
  const { summary } = JSON.parse(captured.stdout) as { summary: Record<string, unknown> };
  expect(summary).toMatchObject({ rows: 300, captions: 300, skipped: 0, order: 150, control: 150 });
  for (const value of Object.values(summary)) expect(["number", "string"]).toContain(typeof value);
});

test("same seed, same bytes", async () => {
  const write = async (name: string, seed: string) => {
    await synth("--captions", captions, "-o", join(folder, name), "--seed", seed);
    return readFileSync(join(folder, name), "utf8");
  };
  const first = await write("a.json", "7");
  expect(await write("b.json", "7")).toBe(first);
  expect(await write("c.json", "8")).not.toBe(first);
});

test.each([
  [["--families", "ordr"], /--families.*"ordr"/],
  [["--format", "csv"], /--format.*"csv"/],
  [["--padding", "1,0"], /--padding.*"0"/],
  [["--rows", "-3"], /--rows.*"-3"/],
  [["--split", "test"], /--split.*"test"/],
  [["--validation", "1.5"], /--validation.*"1.5"/],
])("%s is refused in a sentence, and the earlier output stays", async (flags, message) => {
  const output = join(folder, "kept.json");
  writeFileSync(output, "kept");
  await expect(synth("--captions", captions, "-o", output, ...flags)).rejects.toThrow(message);
  expect(readFileSync(output, "utf8")).toBe("kept");
});

test("captions that break off leave the earlier output and nothing beside it", async () => {
  const output = join(folder, "kept.json");
  writeFileSync(output, "kept");
  writeFileSync(captions, '{"caption": "A red kite."}\n{"caption": ');
  await expect(synth("--captions", captions, "-o", output)).rejects.toThrow(/captions\.jsonl:2: /);
  expect(readFileSync(output, "utf8")).toBe("kept");
  expect(readdirSync(folder).sort()).toEqual(["captions.jsonl", "kept.json"]);
});

test("captions too few for any question leave the earlier output", async () => {
  const output = join(folder, "kept.json");
  writeFileSync(output, "kept");
  writeFileSync(captions, '{"caption": "They run."}\n');
  await expect(synth("--captions", captions, "-o", output)).rejects.toThrow(/no question/);
  expect(readFileSync(output, "utf8")).toBe("kept");
});

test("every row has a line about its origin, captions that gave no question are listed with reasons", async () => {
  const [output, rejected] = [join(folder, "out.json"), join(folder, "rejected.jsonl")];
  const more = '{"id": "bare", "caption": "They run."}\n{"id": "twin", "caption": "They run."}\n';
  writeFileSync(captions, readFileSync(captions, "utf8") + more);
  await synth("--captions", captions, "-o", output, "--rejected", rejected, "--seed", "4", "--json");
  const { summary } = JSON.parse(captured.stdout) as { summary: { rows: number; captionsWithoutQuestion: number } };
  const notes = readFileSync(provenancePath(output), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const ids: string[] = [];
  for await (const { id } of readConversations(output, "llava")) ids.push(id);
  expect(notes.map(({ id }) => id)).toEqual(ids);
  const used = new Set<string>(notes.flatMap(({ captions, slots }) => slots.map((slot: number) => captions[slot])));
  const barren = readFileSync(rejected, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(barren.length).toBe(summary.captionsWithoutQuestion);
  expect(used.size + barren.length).toBe(302);
  expect(notes[0]).toMatchObject({ seed: "4", writer: null, padding: 1 });
  const reasonsOf = (id: string) => barren.find((each) => each.id === id)?.reasons;
  expect(reasonsOf("twin")).toEqual(["duplicate caption"]);
  expect(reasonsOf("bare")).toContainEqual(expect.stringMatching(/: no /));
});

test("with a writer its replies become rows, are kept, and are not asked for again", async () => {
  const script = join(folder, "script.json");
  writeFileSync(script, JSON.stringify({ "You edit": '{"edited": "x"}', ".": "I cannot help with that." }));
  const run = () =>
    synth(
      "--captions",
      captions,
      "-o",
      join(folder, "out.json"),
      "--rows",
      "12",
      "--families",
      "order,attribute,referring",
      "--writer",
      `scripted:${script}`,
      "--json",
    );
  await run();
  const { summary, skipped } = JSON.parse(captured.stdout) as {
    summary: Record<string, number>;
    skipped: Record<string, number>;
  };
  expect(summary).toMatchObject({ rows: 4, written: 0, referring: 4, requests: 32 });
  expect(skipped).toMatchObject({
    "order (written): refusal": 16,
    "attribute (written): reply with a wrong question": 16,
  });
  captured.stdout = "";
  await run();
  expect((JSON.parse(captured.stdout) as { summary: Record<string, number> }).summary.requests).toBe(0);
});

test("a writer without --rows or without a family to write is refused", async () => {
  const flags = ["--captions", captions, "--writer", "scripted:none.json"];
  await expect(synth(...flags)).rejects.toThrow(/--rows/);
  await expect(synth(...flags, "--rows", "3", "--families", "referring")).rejects.toThrow(/order or attribute/);
});
