/** The report of knock-outs over many questions: which edges and modules their answers need, with intervals. */
import { writeAtomically } from "../core/files/index.ts";
import type { StudyRecord } from "../probes/index.ts";
import { percent, points as signed } from "./format-number.ts";
import { heatMap } from "./heat-map.ts";
import { html, type Markup } from "./html.ts";
import { layerChart, layerLegend, scaleOf } from "./layer-chart.ts";
import { pageText } from "./page.ts";

export type StudyReport = Readonly<{ record: StudyRecord; command: string; seconds: number }>;

/** Write the report, whole or not at all. */
export function writeStudyReport(path: string, report: StudyReport): void {
  writeAtomically(path, [studyPage(report)]);
}

/** The page as text. */
export function studyPage({ record, command, seconds }: StudyReport): string {
  const shown = record.groups.slice(0, 2).map(({ name }, i) => ({ name, tone: i === 0 ? "t3" : "control" }));
  const body = html`<a class="skip" href="#curves">Skip to the plots</a>
<header><p class="eyebrow">Zoetrope · Inside ${record.model}</p>
<h1>Which edges the answers need</h1>
<p class="lead" style="margin-top:1rem">${record.questions} questions about ${record.videos} videos (${record.source}). One kind of attention edge is cut in
${record.width === 1 ? "one layer" : `${record.width} layers`} at a time. The change of p(right answer) is taken over the questions that the untouched model
answers rightly, as in Map the Flow; accuracy over all of them. Intervals are 95 %, resampled by video.</p></header>
<main><section aria-labelledby="base-title"><h2 id="base-title">The untouched model</h2>${baseTable(record)}</section>
<section id="curves" aria-labelledby="curves-title"><h2 id="curves-title">Cut, layer by layer</h2>
<p class="lead">Change of p(right answer) in percent, at most +100.</p>${layerLegend(shown)}${curves(record, shown)}</section>
<section aria-labelledby="whole-title"><h2 id="whole-title">Cut in all layers</h2>${wholeTable(record)}</section>
<section aria-labelledby="modules-title"><h2 id="modules-title">Without a module</h2>
<p class="lead">Mean change of p(right answer) in percent. Orange is lost, blue is gained.</p>${modules(record)}</section>
<section aria-labelledby="method-title"><h2 id="method-title">How this was made</h2><dl class="facts">
${[
  ["Command", command],
  ["Model", `${record.model} ${record.fingerprint}`],
  ["Questions", record.source],
  ["Decoder", `${record.layers} layers of ${record.heads} heads`],
  ["Windows", `${record.width} wide, every ${record.every}`],
  ["Time taken", `${Math.round(seconds)} s`],
].map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></section></main>`;
  return pageText(`Zoetrope: knock-outs in ${record.model}`, body);
}

type Interval = Readonly<{ value: number | null; low: number | null; high: number | null }>;

function interval({ low, high }: Interval): Markup | null {
  return low === null || high === null
    ? null
    : html`<span class="interval">${signedOrPlain(low)} to ${signedOrPlain(high)}</span>`;
}

function signedOrPlain(value: number): string {
  return value < 0 ? signed(value) : percent(value);
}

function baseTable({ groups }: StudyRecord): Markup {
  const rows = groups.map(
    ({ name, n, videos, correct, chance, accuracy }) =>
      html`<tr><th scope="row">${name}</th><td>${n}</td><td>${videos}</td><td>${correct}</td><td><span class="value">${percent(accuracy.value)}</span>${interval(accuracy)}</td><td>${percent(chance)}</td></tr>`,
  );
  return html`<div class="scroll compact"><table><thead><tr><th>Questions</th><th>n</th><th>Videos</th><th>Right</th><th>Accuracy, %</th><th>Chance, %</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function curves({ knockOuts }: StudyRecord, shown: readonly Readonly<{ name: string; tone: string }>[]): Markup {
  const clip = (value: number) => Math.max(-100, Math.min(100, value));
  const drawn = knockOuts.map(({ title, curves: of }) => ({
    title,
    lines: shown.flatMap(({ name, tone }) => {
      const curve = of.find(({ group }) => group === name);
      const known = (curve?.points ?? []).flatMap(({ centre, change: { value, low, high } }) =>
        value === null
          ? []
          : [
              {
                x: centre,
                y: clip(value),
                low: low === null ? null : clip(low),
                high: high === null ? null : clip(high),
              },
            ],
      );
      return known.length === 0 ? [] : [{ name, tone, points: known }];
    }),
  }));
  const y = scaleOf(
    drawn.flatMap(({ lines }) =>
      lines.flatMap(({ points }) => points.flatMap((p) => [p.y, p.low ?? p.y, p.high ?? p.y])),
    ),
  );
  return html`<div class="chart-grid">${drawn.map(({ title, lines }) =>
    lines.length === 0
      ? null
      : html`<figure><h4>${title}</h4>${layerChart({ title, xTitle: "layer", yTitle: "%", lines, y, height: 140 })}</figure>`,
  )}</div>`;
}

function wholeTable({ knockOuts, groups }: StudyRecord): Markup {
  const named = groups.slice(0, 2).map(({ name }) => name);
  const rows = knockOuts.map(({ title, curves: of }) => {
    const cells = named.map((name) => {
      const whole = of.find(({ group }) => group === name)?.whole;
      if (whole === undefined) return html`<td></td><td></td>`;
      return html`<td><span class="value">${signed(whole.change.value)}</span>${interval(whole.change)}</td><td><span class="value">${percent(whole.accuracy.value)}</span>${interval(whole.accuracy)}</td>`;
    });
    return html`<tr><th scope="row">${title}</th>${cells}</tr>`;
  });
  return html`<div class="scroll"><table><thead><tr><th></th>${named.map((name) => html`<th class="over" colspan="2">${name}</th>`)}</tr>
<tr><th>Cut in all layers</th>${named.map(() => html`<th>Change of p, %</th><th>Accuracy, %</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function modules({ modules: all, groups, layers }: StudyRecord): Markup {
  const range = Array.from({ length: layers }, (_, i) => String(i));
  const maps = groups.slice(0, 2).map(({ name }) => {
    const rows = (["attention", "mlp"] as const).map((module) =>
      range.map(
        (_, layer) =>
          all.find((each) => each.group === name && each.layer === layer && each.module === module)?.change.value ??
          null,
      ),
    );
    const say = (value: number) => `${signed(value)} %`;
    return html`<figure><h4>${name}</h4>${heatMap({ label: `Change of p without a module, ${name}`, rows: ["attention", "MLP"], columns: range, values: rows, full: 100, say, cell: 26 })}</figure>`;
  });
  return html`<div class="maps">${maps}</div>`;
}
