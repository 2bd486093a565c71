/** The tables of the analyses: mixtures, pairs of them, modules, frames, each with the paper's figures in columns of their own. */
import type { Difference } from "../core/metrics/index.ts";
import type { Score } from "../evals/index.ts";
import type { Compared, Finding, FrameRow, MixtureRow, ModuleRow, QuestionGroup, Verdict } from "./analysis-data.ts";
import { count, percent, points } from "./format-number.ts";
import { html, type Markup } from "./html.ts";

/** Every mixture: what the paper's TempCompass scores are stands right beside ours. */
export function mixtureTable(rows: readonly MixtureRow[]): Markup {
  const head = [
    "Training text",
    ...["Temporal, all", "Paper: TempCompass", "− baseline", "Held-out text"],
    ...["Order", "Paper: order", "Attribute", "Paper: attribute"],
    ...["Referring", "Grounding", "Static", "n", "Unparsed", "Favourite option"],
  ];
  const paper = (row: MixtureRow, key: "average" | "order" | "attribute") =>
    html`<td>${row.paper.map((scores) => percent(scores[key])).join(" / ")}</td>`;
  const line = (row: MixtureRow) => {
    const ours = (group: QuestionGroup) => scoreCell(row.video[group]);
    return html`<tr><th scope="row">${row.name}</th>
${ours("temporal")}${paper(row, "average")}${differenceCell(row.overBaseline)}${scoreCell(row.text)}
${ours("order")}${paper(row, "order")}${ours("attribute")}${paper(row, "attribute")}
${ours("referring")}${ours("grounding")}${ours("static")}
<td>${count(row.video.temporal.n)}</td><td>${count(row.video.temporal.unparsed)}</td><td>${favourite(row)}</td></tr>`;
  };
  return table("Mixtures of training text", head, rows.map(line));
}

/** "A: 41 (33)": how often it is chosen, how often it is right. */
function favourite({ favourite: most }: MixtureRow): string {
  return most === null ? "–" : `${most.letter}: ${most.chosen.toFixed(0)} (${most.right.toFixed(0)})`;
}

/** Seed by seed, so that nobody takes the mean of three for more than it is. */
export function seedTable(rows: readonly MixtureRow[]): Markup | null {
  const seeds = rows[0]?.perSeed ?? [];
  if (seeds.length < 2) return null;
  const head = ["Temporal, video", ...seeds.map(({ seed }) => `Seed ${seed}`)];
  const line = ({ name, perSeed }: MixtureRow) =>
    html`<tr><th scope="row">${name}</th>${perSeed.map(({ video }) => html`<td>${percent(video)}</td>`)}</tr>`;
  return html`<h3>Seed by seed</h3>${table("Seed by seed", head, rows.map(line))}`;
}

export function findingTable(findings: readonly Finding[]): Markup {
  const over = ["All temporal questions", "Order and attribute alone"];
  const titles = over.map(() => ["Paper", "Ours", "Clear?"].map((title) => html`<th scope="col">${title}</th>`));
  const head = html`<tr><th class="over"></th>${over.map((title) => html`<th class="over" scope="colgroup" colspan="3">${title}</th>`)}</tr>
<tr><th scope="col">In points</th>${titles}</tr>`;
  const cells = ({ paper, paperReach, ours, verdict }: Compared) => html`<td><span class="value">${points(paper)}</span>
<span class="interval">± ${paperReach.toFixed(1)}</span></td>${differenceCell(ours)}<td>${verdictNames[verdict]}</td>`;
  const line = ({ claim, all, orderAttribute }: Finding) =>
    html`<tr><th scope="row">${claim}</th>${cells(all)}${cells(orderAttribute)}</tr>`;
  return scroll("Pairs of mixtures", head, findings.map(line));
}

const verdictNames: Readonly<Record<Verdict, string>> = {
  "same direction": "yes, as there",
  "opposite direction": "yes, opposite",
  "no clear difference": "no",
};

export function moduleTable(rows: readonly ModuleRow[]): Markup {
  const head = [
    "Trained",
    "Parameters",
    "Temporal, video",
    "− baseline",
    "− all",
    "Static",
    "Held-out text",
    "Paper: TempCompass",
    "Paper: MLVU",
    "Paper: Video-MME",
  ];
  const line = ({ name, parameters, video, overBaseline, overAll, text, paper }: ModuleRow) =>
    html`<tr><th scope="row">${name}</th><td>${count(parameters)}</td>${scoreCell(video.temporal)}${differenceCell(overBaseline)}
${differenceCell(overAll)}${scoreCell(video.static)}${scoreCell(text)}
${[paper.tempCompass, paper.mlvu, paper.videoMme].map((value) => html`<td>${percent(value)}</td>`)}</tr>`;
  return table("Trained modules", head, rows.map(line));
}

export function frameTable(rows: readonly FrameRow[]): Markup {
  const [first] = rows;
  const head = [
    "Training text",
    ...(first?.byCount.map(({ frames }) => `${frames} frames`) ?? []),
    ...(first?.gains.map(({ from, to }) => `${from} to ${to}`) ?? []),
    "Paper: Video-MME, 32 to 128",
    "Paper: MLVU, 32 to 128",
  ];
  const line = ({ name, byCount, gains, paper }: FrameRow) => html`<tr><th scope="row">${name}</th>
${byCount.map(({ score }) => scoreCell(score))}${gains.map(({ difference }) => differenceCell(difference))}
${[paper.videoMme, paper.mlvu].map((value) => html`<td>${points(value)}</td>`)}</tr>`;
  return table("Gain from more frames", head, rows.map(line));
}

function scoreCell({ accuracy, low, high }: Score): Markup {
  const interval = accuracy === null ? null : html`<span class="interval">${percent(low)} to ${percent(high)}</span>`;
  return html`<td><span class="value">${percent(accuracy)}</span>${interval}</td>`;
}

/** Coloured only where the interval leaves out zero. */
function differenceCell(difference: Difference | null): Markup {
  if (difference === null || difference.value === null) return html`<td>–</td>`;
  const { value, low, high } = difference;
  const tone = low !== null && low > 0 ? "better" : high !== null && high < 0 ? "worse" : "";
  return html`<td class="${tone}"><span class="value">${points(value)}</span><span class="interval">${points(low)} to ${points(high)}</span></td>`;
}

function table(label: string, head: readonly string[], lines: readonly Markup[]): Markup {
  return scroll(label, html`<tr>${head.map((title) => html`<th scope="col">${title}</th>`)}</tr>`, lines);
}

function scroll(label: string, head: Markup, lines: readonly Markup[]): Markup {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table>
<thead>${head}</thead><tbody>${lines}</tbody></table></div>`;
}
