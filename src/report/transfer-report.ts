/**
 * The report of a transfer as one HTML file that asks nothing of the network: its sections in order, and its writing.
 */
import { writeAtomically } from "../core/files/index.ts";
import { exampleSection } from "./example-section.ts";
import { headline } from "./headline.ts";
import { html } from "./html.ts";
import { armLegend, intervalChart } from "./interval-chart.ts";
import { lineChart, type Series } from "./line-chart.ts";
import { methodSection } from "./method-section.ts";
import { pageText } from "./page.ts";
import type { LossCurve, TransferReport } from "./report-data.ts";
import { resultTable } from "./result-table.ts";
import { textSection } from "./text-section.ts";

/** Write the report, whole or not at all. */
export function writeTransferReport(path: string, report: TransferReport): void {
  writeAtomically(path, [transferPage(report)]);
}

/** The page as text. */
export function transferPage(report: TransferReport): string {
  const { table, summary, examples, texts, provenance } = report;
  const body = html`<a class="skip" href="#results">Skip to the results</a>
${headline(table, summary)}
<main>
<section id="results" aria-labelledby="results-title">
<h2 id="results-title">Accuracy by task</h2>
<p class="lead">Percent of questions answered rightly, with 95 % intervals; the dashed line is what guessing scores.</p>
${armLegend()}
${intervalChart(table.rows)}
</section>
<section aria-labelledby="table-title">
<h2 id="table-title">All figures</h2>
${resultTable(table)}
</section>
<section aria-labelledby="loss-title">
<h2 id="loss-title">Training loss</h2>
<p class="lead">Both runs train on text alone, for the same number of steps. The two texts differ, so the curves show how training
went, not which text is better.</p>
<ul class="legend">
<li><svg class="plot" width="22" height="12" aria-hidden="true"><line class="whisker control" x1="0" x2="22" y1="6" y2="6"/></svg>Control text</li>
<li><svg class="plot" width="22" height="12" aria-hidden="true"><line class="whisker t3" x1="0" x2="22" y1="6" y2="6"/></svg>T3 text</li>
<li class="muted">${report.losses.length > 2 ? "One line a seed. " : ""}Faint: raw values</li>
</ul>
<figure class="chart">${lineChart({ title: "Training losses", xTitle: "Step", yTitle: "Loss (nats a token)", series: lossSeries(report.losses) })}</figure>
</section>
${exampleSection(examples)}
${textSection(texts)}
${methodSection(provenance, table)}
</main>`;
  return pageText("Zoetrope: transfer of temporal reasoning from text to video", body);
}

function lossSeries(losses: readonly LossCurve[]): Series[] {
  return losses.map(({ arm, seed, points }) => ({
    name: `${arm === "t3" ? "T3" : "control"}, seed ${seed}`,
    style: arm,
    points: points.map(({ step, loss }) => ({ x: step, y: loss })),
  }));
}
