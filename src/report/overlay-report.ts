/**
 * The report of the overlay design study as one HTML file: how well numbers and pictures can be told, design by design.
 */
import { writeAtomically } from "../core/files/index.ts";
import type { Estimate } from "../core/math/index.ts";
import { percent } from "./format-number.ts";
import { html, type Markup } from "./html.ts";
import { intervalFigure, intervalLegend, intervalPlot, type Lane } from "./interval-plot.ts";
import { pageText } from "./page.ts";
import { scatterPlot } from "./scatter-plot.ts";

/** A design with its accuracies in percent; NumberAcc is null where no number was drawn. */
export type OverlayPoint = Readonly<{
  design: Readonly<{ fontSize: number; color: string; position: string }> | "no number";
  number: Estimate;
  caption: Estimate;
}>;

export type OverlayReport = Readonly<{
  points: readonly OverlayPoint[];
  best: string;
  chance: Readonly<{ number: number; caption: number }>;
  /** Does the model tell numbers better than by guessing? */
  isReader: boolean;
  model: string;
  space: string;
  source: string;
  command: string;
}>;

/** Write the report, whole or not at all. */
export function writeOverlayReport(path: string, report: OverlayReport): void {
  writeAtomically(path, [overlayPage(report)]);
}

/** The page as text. */
export function overlayPage(report: OverlayReport): string {
  const { points, chance, model, space, source, command, isReader, best } = report;
  const entry = (name: string, value: string) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  const body = html`<header><p class="eyebrow">Zoetrope · Numbers on frames</p>
<h1>${isReader ? `Numbers and pictures are told best with ${best}` : "This model does not read numbers"}</h1>
<p class="lead" style="margin-top:1rem">${lead(report)}</p></header>
<main>
<section aria-labelledby="plot-title"><h2 id="plot-title">Design by design</h2>
<p class="lead">Percent told rightly, with 95 % intervals over pictures. Guessing scores ${percent(chance.number)} % of the numbers and
${percent(chance.caption)} % of the captions.</p>
${intervalLegend(lanes.map(({ name, ...lane }) => ({ name, ...lane })))}
${intervalFigure("Captions, %", points.map(plotRow))}</section>
${isReader ? tradeOff(points) : null}
<section aria-labelledby="figures-title"><h2 id="figures-title">All figures</h2>${table(points)}</section>
<section aria-labelledby="method-title"><h2 id="method-title">How this was made</h2>
<p class="lead">Number i mod 100 is drawn on picture i. NumberAcc: among the texts “0” to “99” its own is nearest to the picture.
CaptionAcc: among all captions the picture's own is nearest. (NumPro, arXiv 2411.10332, section 3.2; the paper has CLIP ViT-B/32 and
1,000 pictures of COCO, and chose red, 40 px, bottom right.)</p>
<dl class="facts">${entry("Command", command)}${entry("Model", model)}${entry("Space", space)}${entry("Pictures", source)}</dl></section>
</main>`;
  return pageText("Zoetrope: how numbers on frames are told", body);
}

const lanes = [
  { name: "NumberAcc", key: "number", style: "t3", shape: "full circle" },
  { name: "CaptionAcc", key: "caption", style: "control", shape: "square" },
] as const satisfies readonly (Pick<Lane, "style" | "shape"> & { name: string; key: "number" | "caption" })[];

function plotRow(point: OverlayPoint): Markup {
  const label = nameOf(point.design);
  const said = lanes.map(({ name, key }) => `${name} ${percent(point[key].value)} %`).join("; ");
  const drawn = lanes.map(({ key, style, shape }) => ({ ...point[key], style, shape }));
  return html`<div class="interval-row"><span class="interval-label">${label}</span>
${intervalPlot(`${label}: ${said}.`, drawn, null)}<span class="interval-gain">${percent(point.caption.value)}</span></div>`;
}

/** One point a design; a plot of a model that guesses the numbers would show chance. */
function tradeOff(points: readonly OverlayPoint[]): Markup {
  const plot = scatterPlot({
    title: "CaptionAcc against NumberAcc",
    xTitle: "NumberAcc, %",
    yTitle: "CaptionAcc, %",
    height: 460,
    points: points.flatMap(({ design, number, caption }) =>
      number.value === null || caption.value === null
        ? []
        : [{ label: nameOf(design), x: number.value, y: caption.value, style: styleOf(design) }],
    ),
  });
  return html`<section aria-labelledby="trade-title"><h2 id="trade-title">The trade-off</h2>
<p class="lead">Up: the picture is still told; right: the number is.</p>${plot}</section>`;
}

function lead({ points, isReader, chance }: OverlayReport): string {
  const bare = points.find(({ design }) => design === "no number");
  const n = points[0]?.caption.n ?? 0;
  const without = bare ? `Without numbers ${percent(bare.caption.value)} % of ${n} pictures find their caption. ` : "";
  return isReader
    ? without
    : `${without}No design lifts NumberAcc clearly above the ${percent(chance.number)} % of guessing, so the study says nothing about which numbers are read best; what remains is how much of a picture they hide.`;
}

function table(points: readonly OverlayPoint[]): Markup {
  const figure = ({ value, low, high }: Estimate) =>
    html`<td><span class="value">${percent(value)}</span>${value === null ? null : html`<span class="interval">${percent(low)} to ${percent(high)}</span>`}</td>`;
  return html`<div class="scroll" role="region" aria-label="All figures" tabindex="0"><table>
<thead><tr><th scope="col">Design</th><th scope="col">NumberAcc, %</th><th scope="col">CaptionAcc, %</th><th scope="col">Pictures</th></tr></thead>
<tbody>${points.map(({ design, number, caption }) => html`<tr><th scope="row">${nameOf(design)}</th>${figure(number)}${figure(caption)}<td>${caption.n}</td></tr>`)}</tbody></table></div>`;
}

/** The paper's design stands out. */
function styleOf(design: OverlayPoint["design"]): string {
  return nameOf(design) === "40 red bottom-right" ? "t3" : "baseline";
}

function nameOf(design: OverlayPoint["design"]): string {
  return typeof design === "string" ? design : `${design.fontSize} ${design.color} ${design.position}`;
}
