/** Oracles: the figures that went in, and a list of everything that could reach the network or break out of the markup. */
import { expect, test } from "vitest";
import type { GapRow, ProbeResult } from "../probes/index.ts";
import { type ProbeReport, probePage } from "./probe-report.ts";

const arm = (value: number, n = 40, unparsed = 3) => ({
  value,
  low: value - 5,
  high: value + 5,
  n,
  unparsed,
  compat: value + 1,
});
const loss = (value: number) => ({ value, low: value - 4, high: value + 4 });

function row(label: string, level: GapRow["level"], full: number): GapRow {
  const figures = { full: arm(full), decoder: arm(31.25), probe: arm(92.5, 120, 0), linear: arm(50.5, 120, 0) };
  const losses = { lostInEncoder: loss(7.5), lostInDecoder: loss(61.25), lostInInterface: loss(31.25 - full) };
  return { label, level, chance: 33.3, videos: 40, ...figures, ...losses };
}

function report(over: Partial<ProbeResult> = {}): ProbeReport {
  const rows = [
    row("order", "aspect", 22.5),
    row("Order", "task", 23.5),
    row("Grounding", "task", 24.5),
    row("all", "all", 24),
  ];
  const result = {
    ...{ folder: "f", data: "d", model: "micro", fingerprint: "local:1", decoder: "micro", captionLayout: "t3" },
    ...{ mode: "sane", features: "projector", seeds: [12, 22], aspects: [], rows, probes: [], seconds: 61 },
    ...over,
  } as ProbeReport["result"];
  return { result, examples: [], command: "zoetrope probe" };
}

const strip = { jpeg: Uint8Array.of(1, 2), width: 2, height: 1, times: [0, 1] };

test("every figure stands on the page with its interval, and the paper's beside it", () => {
  const page = probePage(report());
  for (const figure of [
    "22.5",
    "23.5",
    "24.5",
    "24.0",
    "31.3",
    "92.5",
    "50.5",
    "+61.3",
    "17.5 to 27.5",
    "+57.3 to +65.3",
  ])
    expect(page).toContain(figure);
  // LongVA on Order: 96.4 - 83.9 and min(96.4, 83.9) - 71.1.
  for (const figure of ["71.1", "83.9", "96.4", "+12.5", "+12.8"]) expect(page).toContain(`>${figure}<`);
  expect(page).not.toContain("Referring");
});

test("the headline names a part only where its loss stands clear of the others", () => {
  const title = (rows: readonly GapRow[]) => /<h1>([^<]*)<\/h1>/.exec(probePage(report({ rows })))?.[1];
  expect(title([row("all", "all", 24)])).toBe("Most of the sense of time is lost in the decoder");
  expect(title([{ ...row("all", "all", 24), lostInEncoder: loss(60) }])).toMatch(/No part stands out/);
  expect(title([{ ...row("all", "all", 24), lostInDecoder: { value: null, low: null, high: null } }])).toMatch(
    /Not all arms/,
  );
  expect(title([])).toBe("There was nothing to measure");
});

test("the page loads nothing, and text of models stays text", () => {
  const attack = '"><script>x</script><img src="http://a/b">';
  const example = {
    ...{ task: attack, strip, question: attack, right: attack, captions: [attack] },
    full: attack,
    decoder: null,
  };
  const page = probePage({ ...report({ model: attack }), examples: [example], command: attack });
  expect(page).not.toContain("<script");
  expect(page).not.toMatch(/(?:src|href)="https?:/);
  expect(page).toContain("&lt;script&gt;");
});
