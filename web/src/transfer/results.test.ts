/** Oracle: the figures that are recorded in docs/results. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { readResults, resultsOfRun } from "./results.ts";

const folder = resolve(import.meta.dirname, "../../../docs/results");
const read = (name: string) => readResults(name, readFileSync(join(folder, name), "utf8"));

test("the recorded transfer and probes are read", () => {
  const [transfer] = read("reproduce-t3.json");
  expect(transfer?.kind).toBe("transfer");
  if (transfer?.kind !== "transfer") return;
  const recorded = JSON.parse(readFileSync(join(folder, "reproduce-t3.json"), "utf8")) as {
    summary: Record<string, number>;
  };
  const total = transfer.rows.find(({ kind, total: isTotal }) => isTotal && kind === "temporal");
  expect(total?.t3.accuracy).toBeCloseTo(recorded.summary.t3Temporal as number, 9);
  expect(read("reproduce-t3-full.json").map(({ kind }) => kind)).toContain("correlation");
  for (const name of ["probe-micro.json", "probe-after-t3.json"]) expect(read(name)[0]?.kind).toBe("probe");
});

test("a correlation is read from the analysis and from what a command prints around it", () => {
  const correlation = { points: [{ label: "a", x: 1, y: 2 }], pearson: { r: 1, p: 0.5 } };
  for (const value of [{ correlation }, { report: { correlation } }])
    expect(readResults("x.json", JSON.stringify(value))[0]?.kind).toBe("correlation");
});

test("the results of a run are those in its folder and above, not those of its neighbours", () => {
  const file = (path: string, kind: string, changed = 0) => ({ path, kind, changed });
  const files = [
    file("a/results.json", "result", 1),
    file("a/seed-0/report.json", "result", 2),
    file("a/seed-1/report.json", "result", 3),
    file("ab/results.json", "result", 4),
    file("a/seed-0/t3/events.jsonl", "events"),
  ];
  const paths = (events: string | null) => resultsOfRun(files, events).map(({ path }) => path);
  expect(paths("a/seed-0/t3/events.jsonl")).toEqual(["a/results.json", "a/seed-0/report.json"]);
  expect(paths("b/events.jsonl")).toEqual([]);
  expect(paths(null)).toEqual(["ab/results.json"]);
});

test("anything else is refused in one sentence", () => {
  expect(() => readResults("bench.json", "{}")).toThrow("Expected the JSON that reproduce t3");
});
