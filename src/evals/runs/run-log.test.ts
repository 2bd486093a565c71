/** Oracles: the rows that were appended, and bytes cut off, spoilt and repeated at every place. */
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { simulatedAnswers, simulatedConfig, simulatedSamples } from "../simulated-runs.fixture.ts";
import { answerOf, answerRow } from "./answer-row.ts";
import { readRunText } from "./format/index.ts";
import { docHash, runConfig } from "./run-config.ts";
import { openRunLog, readRun } from "./run-log.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-run-log-"));
afterAll(() => rmSync(folder, { recursive: true }));

const samples = simulatedSamples(2);
const config = simulatedConfig(samples);
const answers = simulatedAnswers(samples, { temporal: 0.5, static: 0.9 }, new Rng(1));
const rows = answers.map(({ sample, reply, frames }, place) =>
  answerRow({ sample, reply: { text: reply, frames }, place }, config),
);

test("what is appended is what is read, in groups or one by one, in Node and from text", () => {
  const path = join(folder, "whole", "run.jsonl");
  const log = openRunLog(path, config);
  log.append(rows.slice(0, 3));
  for (const row of rows.slice(3)) log.append([row]);
  log.close();
  const read = readRun(path);
  expect(read.config).toEqual(config);
  expect([...read.rows]).toEqual(rows);
  expect(rows.map(answerOf)).toEqual(answers);
  const text = readRunText(readFileSync(path, "utf8"));
  expect(text).toMatchObject({ ok: true, value: { head: { version: 2, config }, rows, torn: "" } });
});

test("the keys are those of lmms-eval's sample logs; hashes are SHA-256 as they take them", () => {
  const [first] = rows;
  const keys = ["doc_id", "doc", "target", "input", "arguments", "resps", "filtered_resps", "doc_hash", "prompt_hash"];
  expect(Object.keys(first ?? {})).toEqual(expect.arrayContaining([...keys, "target_hash", "metrics", "accuracy"]));
  expect(first?.resps).toEqual([[answers[0]?.reply]]);
  // Golden: Python 3.11, hashlib.sha256(json.dumps(doc, indent=2, ensure_ascii=False).encode()).hexdigest().
  expect(docHash({ id: "ä", options: ["x", "y"], n: { k: [] } })).toBe(
    "1a2c63163504a1a697049de61380dfaade99b105d32530b42e0f37a54240793e",
  );
});

test("a file cut anywhere keeps its whole lines, and goes on from there", () => {
  const whole = join(folder, "cut.jsonl");
  const log = openRunLog(whole, config);
  log.append(rows.slice(0, 3));
  log.close();
  const bytes = readFileSync(whole);
  const head = bytes.indexOf(10) + 1;
  for (let size = 0; size <= bytes.length; size += 53) {
    const path = join(folder, "torn.jsonl");
    writeFileSync(path, bytes.subarray(0, size));
    const kept = Math.max(0, bytes.subarray(0, size).toString("utf8").split("\n").length - 2);
    const again = openRunLog(path, config);
    expect([...again.done.keys()]).toEqual(rows.slice(0, kept).map(({ doc }) => doc.id));
    again.append(rows.slice(kept, 3));
    again.close();
    // The first line tells when the log was begun.
    const written = readFileSync(path);
    expect(written.subarray(written.indexOf(10) + 1).equals(bytes.subarray(head))).toBe(true);
  }
});

test("zeros behind the last line, as a power failure leaves them, are torn off too", () => {
  const path = join(folder, "zeros.jsonl");
  openAndClose(path, 2);
  appendFileSync(path, Buffer.alloc(4096));
  const log = openRunLog(path, config);
  expect(log.done.size).toBe(2);
  log.close();
  expect(readFileSync(path).includes(0)).toBe(false);
});

test("a damaged, a foreign, a repeated and an empty file are told in one sentence with file and line", () => {
  const path = join(folder, "damaged.jsonl");
  openAndClose(path, 3);
  const lines = readFileSync(path, "utf8").split("\n");
  const told = (text: string) => {
    writeFileSync(path, text);
    return () => [...readRun(path).rows];
  };
  expect(told(lines.with(1, (lines[1] as string).replace('"target"', '"tarket"')).join("\n"))).toThrow(
    /damaged\.jsonl:2: Expected a sample, but target: .*\. Repair the line/,
  );
  expect(told(lines.with(2, "{").join("\n"))).toThrow(/damaged\.jsonl:3: .*no JSON/);
  expect(told(lines.with(2, "").join("\n"))).toThrow(/damaged\.jsonl:3:/);
  expect(told(lines.with(3, lines[1] as string).join("\n"))).toThrow(
    /:4: Expected every sample once, got "order of two/,
  );
  expect(told('{"doc_id": 0, "target": "A"}\n')).toThrow(
    /:1: .*Logs of other tools come in with "zoetrope runs import/,
  );
  expect(told('{"format":"zoetrope-run","version":1,"config":{}}\n')).toThrow(/:1: .*earlier version.*runs import/);
  expect(told('{"format":"zoetrope-run","version":9}\n')).toThrow("version 9, and this program reads 2");
  expect(told("")).toThrow("got no whole line");
  expect(readRunText("")).toEqual({ ok: false, reason: "line 1: it holds no whole line" });
});

test("another configuration is refused by its part and leaves the file as it was; the lock is let go", () => {
  const path = join(folder, "other.jsonl");
  openAndClose(path, 2);
  const { size } = statSync(path);
  const other = runConfig({ ...config, parts: { ...config.fingerprint.parts, sampler: "fps 8" }, seed: 2 });
  expect(() => openRunLog(path, other)).toThrow(/sampler "fps 8", got "linspace 8" \(and another seed\)/);
  expect(statSync(path).size).toBe(size);
  expect(existsSync(`${path}.lock`)).toBe(false);
});

test("two writers at once are refused, and so is a sample that is there already", () => {
  const path = join(folder, "two.jsonl");
  const log = openRunLog(path, config);
  expect(() => openRunLog(path, config)).toThrow(/Expected nobody else to write .*two\.jsonl, got process/);
  log.append(rows.slice(0, 1));
  expect(() => log.append(rows.slice(0, 1))).toThrow("again");
  log.close();
  openRunLog(path, config).close();
});

const isLinux = process.platform === "linux";
test.skipIf(!isLinux)(`a full disk keeps what was finished${isLinux ? "" : " (skipped: needs ulimit -f)"}`, () => {
  const path = join(folder, "full.jsonl");
  openAndClose(path, 2);
  const before = readFileSync(path);
  // A file size limit makes the kernel refuse further bytes as a full disk does.
  const program = `
    import { openRunLog } from ${JSON.stringify(join(import.meta.dirname, "run-log.ts"))};
    import { readFileSync } from "node:fs";
    const { config, rows } = JSON.parse(readFileSync(${JSON.stringify(join(folder, "rows.json"))}, "utf8"));
    process.on("SIGXFSZ", () => {});
    const log = openRunLog(${JSON.stringify(path)}, config);
    try { log.append(rows); } catch (error) { console.log(error.message); } finally { log.close(); }`;
  writeFileSync(join(folder, "rows.json"), JSON.stringify({ config, rows: rows.slice(2) }));
  writeFileSync(join(folder, "fill.mts"), program);
  const blocks = Math.ceil(before.length / 1024) + 4;
  const node = `"${process.execPath}" --import tsx "${join(folder, "fill.mts")}"`;
  const child = spawnSync("bash", ["-c", `ulimit -f ${blocks}; exec ${node}`], { encoding: "utf8" });
  expect(child.stdout + child.stderr).toMatch(/Could not write to the log .*full\.jsonl: EFBIG.*Free space/);
  expect(readFileSync(path).equals(before)).toBe(true);
});

function openAndClose(path: string, count: number): void {
  rmSync(path, { force: true });
  const log = openRunLog(path, config);
  log.append(rows.slice(0, count));
  log.close();
}
