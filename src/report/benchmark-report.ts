/**
 * The report of a benchmark run as one HTML file: what was asked, scores of every look, the breakdown, what went wrong.
 */
import { writeAtomically } from "../core/files/index.ts";
import type { BenchmarkTable, BenchmarkTableRow, ItemScore, Problem } from "../evals/index.ts";
import { count, percent, points } from "./format-number.ts";
import { html, type Markup } from "./html.ts";
import { pageText } from "./page.ts";

export type BenchmarkReport = Readonly<{
  title: string;
  table: BenchmarkTable;
  problems: readonly Problem[];
  /** Name and value, in words: model, sampler, seed, command. */
  facts: readonly (readonly [name: string, value: string])[];
}>;

/** Write the report, whole or not at all. */
export function writeBenchmarkReport(path: string, report: BenchmarkReport): void {
  writeAtomically(path, [benchmarkPage(report)]);
}

/** The page as text. */
export function benchmarkPage({ title, table, problems, facts }: BenchmarkReport): string {
  const { rows, profile, coverage } = table;
  const video = rows.find(({ look }) => look === "video");
  const body = html`<header><p class="eyebrow">Zoetrope · Benchmark</p><h1>${title}</h1>
<p class="lead">${count(coverage.asked)} of ${count(coverage.of)} items asked. Percent right; replies that could not be read (unparsed) count as wrong. Intervals are 95 %, resampled by video.</p></header>
<main>
<section aria-labelledby="looks-title"><h2 id="looks-title">The video, and what is left without it</h2>
<p class="lead">Blind is the question alone; the others show the same frames less something. The gap is the video minus that row, question by question, by our reader.</p>
${scroll("Scores by look", looksTable(rows, profile))}</section>
${Object.entries(video?.default.groups ?? {}).map(([grouping, scores]) => groupSection(grouping, scores, video as BenchmarkTableRow, profile))}
<section aria-labelledby="facts-title"><h2 id="facts-title">What this depends on</h2>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></section>
${problems.length === 0 ? null : problemSection(problems)}
</main>`;
  return pageText(title, body);
}

function looksTable(rows: readonly BenchmarkTableRow[], profile: string): Markup {
  const line = ({ look, profile: first, default: ours, videoMinusThis: gap }: BenchmarkTableRow) =>
    html`<tr><th scope="row">${look}</th>${cells(first.all)}${cells(ours.all)}<td>${
      gap === null
        ? ""
        : html`<span class="value">${points(gap.value)}</span><span class="interval">${points(gap.low)} to ${points(gap.high)}</span>`
    }</td><td>${percent(ours.all.chance)}</td><td>${count(ours.all.n)}</td></tr>`;
  return html`<table>${head("Shown", profile, ["Video − this", "Chance", "n"])}<tbody>${rows.map(line)}</tbody></table>`;
}

function groupSection(
  grouping: string,
  scores: Readonly<Record<string, ItemScore>>,
  video: BenchmarkTableRow,
  profile: string,
): Markup {
  const lines = Object.entries(scores).map(
    ([group, ours]) =>
      html`<tr><th scope="row">${group}</th>${cells(video.profile.groups[grouping]?.[group] ?? ours)}${cells(ours)}<td>${percent(ours.chance)}</td><td>${count(ours.n)}</td></tr>`,
  );
  const table = html`<table>${head(grouping, profile, ["Chance", "n"])}<tbody>${lines}</tbody></table>`;
  return html`<section><h2>By ${grouping}</h2>${scroll(`Scores by ${grouping}`, table)}</section>`;
}

function head(first: string, profile: string, last: readonly string[]): Markup {
  const names = [first, profile, "Unparsed", "default", "Unparsed", ...last];
  return html`<thead><tr>${names.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>`;
}

function cells({ accuracy, low, high, unparsed, unjudged }: ItemScore): Markup {
  const interval = low === null ? null : html`<span class="interval">${percent(low)} to ${percent(high)}</span>`;
  const waiting = unjudged === 0 ? null : html`<span class="interval">${count(unjudged)} unjudged</span>`;
  return html`<td><span class="value">${percent(accuracy)}</span>${interval}${waiting}</td><td>${count(unparsed)}</td>`;
}

function scroll(label: string, table: Markup): Markup {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${table}</div>`;
}

function problemSection(problems: readonly Problem[]): Markup {
  const line = ({ what, count: n, names }: Problem) =>
    html`<li>${count(n)} ${what}: ${names.join(", ")}${n > names.length ? ", ..." : ""}</li>`;
  return html`<section aria-labelledby="problems-title"><h2 id="problems-title">What went wrong</h2><ul class="plain">${problems.map(line)}</ul></section>`;
}
