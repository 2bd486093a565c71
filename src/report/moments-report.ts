/**
 * The report of a reproduction on moments as one HTML file that asks nothing of the network: what each arm finds, the paper's claims,
 * losses, questions with every arm's answer on the film's own timeline.
 */
import { writeAtomically } from "../core/files/index.ts";
import type { Estimate } from "../core/math/index.ts";
import { count, percent, points } from "./format-number.ts";
import { html, type Markup } from "./html.ts";
import { intervalFigure, intervalLegend, intervalPlot } from "./interval-plot.ts";
import { lineChart } from "./line-chart.ts";
import { factsOf, intervalNote } from "./method-section.ts";
import type { MomentsClaim, MomentsReport } from "./moments-data.ts";
import { armMarks, momentCards } from "./moments-examples.ts";
import { pageText } from "./page.ts";

/** Write the report, whole or not at all. */
export function writeMomentsReport(path: string, report: MomentsReport): void {
  writeAtomically(path, [momentsPage(report)]);
}

/** The page as text. */
export function momentsPage(report: MomentsReport): string {
  const { paper, lead, figures } = report;
  const body = html`<a class="skip" href="#figures">Skip to the results</a>
<header><p class="eyebrow">Zoetrope · ${paper}</p>
<h1>${headlineOf(report)}</h1>
<p class="lead" style="margin-top:1rem">${lead}</p></header>
<main>
<section id="figures" aria-labelledby="figures-title"><h2 id="figures-title">What each arm finds</h2>
<p class="lead">Percent, with 95 % intervals resampled by film.</p>
${intervalLegend(
  report.arms.map(({ name }, i) => ({ name, ...armMarks(i) })),
  { chance: false },
)}
${intervalFigure(
  report.arms.at(-1)?.name,
  figures.map((figure) => plotRow(report, figure)),
)}
<h3>All figures</h3>
${figureTable(report)}</section>
<section aria-labelledby="claims-title"><h2 id="claims-title">The paper's claims</h2>
${claimTable(report)}</section>
${momentCards(report)}
${lossSection(report)}
${method(report)}
</main>`;
  return pageText(`Zoetrope: ${paper}`, body);
}

/** How clearly a difference speaks for its claim. */
function verdict({ estimate: { low, high }, isMeasured }: MomentsClaim): "holds" | "opposite" | "unclear" | "unread" {
  if (!isMeasured) return "unread";
  if (low === null || high === null) return "unclear";
  return low > 0 ? "holds" : high < 0 ? "opposite" : "unclear";
}

function headlineOf({ claims }: MomentsReport): string {
  const holds = claims.filter((claim) => verdict(claim) === "holds");
  if (holds.length === 0) return "None of the paper's claims shows clearly here";
  const [first, ...rest] = holds.map(({ claim }) => claim);
  return [first, ...rest.map(midSentence)].join("; ");
}

/** A sentence behind a semicolon; names such as "NumPro-FT" keep their capitals. */
function midSentence(claim: string): string {
  const isName = /^\S+[A-Z]/.test(claim);
  return isName ? claim : claim.charAt(0).toLowerCase() + claim.slice(1);
}

function plotRow({ arms }: MomentsReport, { name, of }: MomentsReport["figures"][number]): Markup {
  const said = of.map(({ value }, i) => `${arms[i]?.name} ${percent(value)} %`).join("; ");
  return html`<div class="interval-row"><span class="interval-label">${name}</span>
${intervalPlot(
  `${name}: ${said}.`,
  of.map(({ value, low, high }, i) => ({ value, low, high, ...armMarks(i) })),
  null,
)}<span class="interval-gain">${percent(of.at(-1)?.value ?? null)}</span></div>`;
}

function estimateCell({ value, low, high }: Estimate, text: (value: number | null) => string, tone = ""): Markup {
  const interval = low === null ? null : html`<span class="interval">${text(low)} to ${text(high)}</span>`;
  return html`<td class="${tone}"><span class="value">${text(value)}</span>${interval}</td>`;
}

function figureTable({ arms, figures }: MomentsReport): Markup {
  const row = ({ name, asked, unparsed }: MomentsReport["arms"][number], i: number) =>
    html`<tr><th scope="row">${name}</th>${figures.map(({ of }) => estimateCell(of[i] as Estimate, percent))}
<td>${count(asked)}</td><td>${count(unparsed)}</td></tr>`;
  return html`<div class="scroll" role="region" aria-label="All figures" tabindex="0"><table>
<thead><tr><th scope="col">Arm</th>${figures.map(({ name }) => html`<th scope="col">${name}</th>`)}<th scope="col">n</th><th scope="col">Unparsed</th></tr></thead>
<tbody>${arms.map(row)}</tbody></table></div>
<p class="note">A reply that could not be read (unparsed) counts as a miss. All arms are asked the same questions about the same files.</p>`;
}

const verdicts = {
  holds: "clear",
  opposite: "clearly the other way round",
  unclear: "no clear difference",
  unread: "not measured: no reply of either arm could be read",
};
const tones = { holds: "better", opposite: "worse", unclear: "", unread: "" };

function claimTable({ claims }: MomentsReport): Markup {
  const row = (each: MomentsClaim) => {
    const { claim, figure, estimate } = each;
    const found = verdict(each);
    return html`<tr><th scope="row">${claim}</th><td>${figure}</td>${estimateCell(estimate, points, tones[found])}<td>${verdicts[found]}</td></tr>`;
  };
  return html`<div class="scroll" role="region" aria-labelledby="claims-title" tabindex="0"><table class="compact">
<thead><tr><th scope="col">Claim</th><th scope="col">Figure</th><th scope="col">Difference</th><th scope="col">What it says</th></tr></thead>
<tbody>${claims.map(row)}</tbody></table></div>
<p class="note">Differences are in points and paired by question; clear where the interval leaves out zero.</p>`;
}

function lossSection({ losses }: MomentsReport): Markup | null {
  if (losses.length === 0) return null;
  const series = losses.map(({ name, arm, losses: all }) => {
    return { name, style: armMarks(arm).style, points: all.map((loss, i) => ({ x: i + 1, y: loss })) };
  });
  const names = [...new Map(losses.map(({ name, arm }) => [name, arm]))];
  return html`<section aria-labelledby="loss-title"><h2 id="loss-title">Training loss</h2>
<ul class="legend">${names.map(
    ([name, arm]) =>
      html`<li><svg class="plot" width="22" height="12" aria-hidden="true"><line class="whisker ${armMarks(arm).style}" x1="0" x2="22" y1="6" y2="6"/></svg>${name}</li>`,
  )}<li class="muted">Faint: raw values</li></ul>
<figure class="chart">${lineChart({ title: "Training losses", xTitle: "Step", yTitle: "Loss (nats a token)", series })}</figure></section>`;
}

function method({ steps, provenance, arms }: MomentsReport): Markup {
  const asked = arms.reduce((all, { asked }) => all + asked, 0);
  return html`<section aria-labelledby="method-title"><h2 id="method-title">How this was made</h2>
<ol class="steps">${steps.map((step) => html`<li>${step}</li>`)}</ol>
${factsOf({ ...provenance, counts: [...provenance.counts, { what: "questions asked in all", count: asked }] })}
${intervalNote(provenance.seeds.length, "film")}</section>`;
}
