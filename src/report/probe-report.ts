/**
 * The report of a probing run as one HTML file that asks nothing of the network: what each arm knows, where accuracy is lost,
 * the paper's figures beside ours, a few questions with the replies.
 */
import { writeAtomically } from "../core/files/index.ts";
import type { GapRow, PickedQuestion, ProbeResult } from "../probes/index.ts";
import { percent, points } from "./format-number.ts";
import type { FrameStrip } from "./frame-strip.ts";
import { html, type Markup } from "./html.ts";
import { intervalFigure, intervalLegend, intervalPlot, type Lane } from "./interval-plot.ts";
import { pageText } from "./page.ts";
import { armTable, gapTable, paperTable, rowName } from "./probe-tables.ts";

/** One question as the arms saw and answered it. */
export type ProbeExample = Omit<PickedQuestion, "path"> & Readonly<{ strip: FrameStrip }>;

export type ProbeReport = Readonly<{
  result: Omit<ProbeResult, "examples">;
  examples: readonly ProbeExample[];
  command: string;
}>;

/** Write the report, whole or not at all. */
export function writeProbeReport(path: string, report: ProbeReport): void {
  writeAtomically(path, [probePage(report)]);
}

/** The page as text. */
export function probePage({ result, examples, command }: ProbeReport): string {
  const { rows, model } = result;
  const body = html`<a class="skip" href="#arms">Skip to the results</a>
<header><p class="eyebrow">Zoetrope · Where the sense of time is lost</p>
<h1>${claim(rows)}</h1>
<p class="lead" style="margin-top:1rem">${explanation(rows)}</p></header>
<main>
<section id="arms" aria-labelledby="arms-title"><h2 id="arms-title">Three arms on the same videos</h2>
<p class="lead">Percent right, with 95 % intervals resampled by video; the dashed line is what guessing scores.</p>
${intervalLegend(lanes.map(({ name, ...lane }) => ({ name, ...lane })))}
${intervalFigure("Full model, %", rows.map(plotRow))}</section>
<section aria-labelledby="gap-title"><h2 id="gap-title">Where accuracy is lost</h2>
<p class="lead">In points. Encoder: 100 − probe. Decoder: probe − decoder on captions. Interface: min(probe, decoder) − full model.
Nothing is clipped: a negative loss in the interface says that the full model beats the weaker of its parts.</p>
${gapTable(rows)}</section>
<section aria-labelledby="paper-title"><h2 id="paper-title">Beside the paper</h2>
<p class="lead">Fig. 3 of Temporal Reasoning Transfer from Text to Video (arXiv 2410.06166): other models, filmed videos, the same three
arms.</p>${paperTable(rows, model)}</section>
<section aria-labelledby="figures-title"><h2 id="figures-title">All figures</h2>${armTable(rows)}</section>
${examples.length === 0 ? null : exampleCards(examples)}
${method(result, command)}
</main>`;
  return pageText("Zoetrope: where the sense of time is lost", body);
}

const lanes = [
  { name: "Full model", arm: "full", style: "baseline", shape: "open circle" },
  { name: "Decoder on captions", arm: "decoder", style: "control", shape: "square" },
  { name: "LSTM probe on visual tokens", arm: "probe", style: "t3", shape: "full circle" },
] as const satisfies readonly (Pick<Lane, "style" | "shape"> & { name: string; arm: keyof GapRow })[];

function plotRow(row: GapRow, i: number, rows: readonly GapRow[]): Markup {
  const opens = row.level !== rows[i - 1]?.level && i > 0 ? " interval-total" : "";
  const said = lanes.map(({ name, arm }) => `${name} ${percent(row[arm].value)} %`).join("; ");
  const label = rowName(row);
  return html`<div class="interval-row${opens}"><span class="interval-label">${label}</span>
${intervalPlot(
  `${label}: ${said}; chance ${percent(row.chance)} %.`,
  lanes.map(({ arm, style, shape }) => ({ ...row[arm], style, shape })),
  row.chance,
)}<span class="interval-gain">${percent(row.full.value)}</span></div>`;
}

/** The row that the headline speaks of: the mean over tasks, or the only task. */
function headRow(rows: readonly GapRow[]): GapRow | undefined {
  return rows.find(({ level }) => level === "all") ?? rows.find(({ level }) => level === "task");
}

/** What the intervals allow: the largest loss, where it stands clear of the others. */
function claim(rows: readonly GapRow[]): string {
  const row = headRow(rows);
  if (!row) return "There was nothing to measure";
  const losses = [
    { where: "in the encoder", ...row.lostInEncoder },
    { where: "in the decoder", ...row.lostInDecoder },
    { where: "between the two", ...row.lostInInterface },
  ];
  const sorted = losses.toSorted(
    (a, b) => (b.value ?? Number.NEGATIVE_INFINITY) - (a.value ?? Number.NEGATIVE_INFINITY),
  );
  const [first, second] = sorted;
  if (losses.some(({ value }) => value === null)) return "Not all arms were run: see what each of them knows";
  const isClear = (first?.low ?? 0) > Math.max(0, second?.high ?? 0);
  return isClear
    ? `Most of the sense of time is lost ${first?.where}`
    : "No part stands out as the one that loses time";
}

function explanation(rows: readonly GapRow[]): string {
  const row = headRow(rows);
  if (!row) return "";
  const figure = ({ value, low, high }: GapRow["full"]) =>
    value === null ? "was not run" : `${percent(value)} % (${percent(low)} to ${percent(high)})`;
  return `Over all tasks, where guessing scores ${percent(row.chance)} %: classifier on the visual tokens ${figure(row.probe)}, decoder on captions of the same frames ${figure(row.decoder)}, full model on the video ${figure(row.full)}. Lost in the encoder ${points(row.lostInEncoder.value)}, in the decoder ${points(row.lostInDecoder.value)}, in the interface ${points(row.lostInInterface.value)} points.${unread(row)}`;
}

/** Wrong answers and unreadable ones are different faults. */
function unread({ full, decoder }: GapRow): string {
  if (full.unparsed + decoder.unparsed === 0) return "";
  return ` Of the replies, ${full.unparsed} of ${full.n} (full model) and ${decoder.unparsed} of ${decoder.n} (decoder) could not be read and count as wrong.`;
}

function exampleCards(examples: readonly ProbeExample[]): Markup {
  const said = (name: string, reply: string | null) =>
    reply === null ? null : html`<div><dt>${name}</dt><dd>${reply === "" ? "(nothing)" : reply}</dd></div>`;
  const card = ({ task, strip, question, right, captions, full, decoder }: ProbeExample) => {
    const source = `data:image/jpeg;base64,${Buffer.from(strip.jpeg).toString("base64")}`;
    return html`<article class="card" style="--frames:${strip.times.length}"><h3>${task}</h3><figure>
<div class="strip-image"><img src="${source}" width="${strip.width}" height="${strip.height}" alt="Frames of the video"></div>
<figcaption>${strip.times.map((time) => html`<span>${time.toFixed(1)} s</span>`)}</figcaption></figure>
<p class="question">${question.trim()}</p>
${captions.length === 0 ? null : html`<p class="note">First and last caption: ${captions[0]} ${captions.at(-1)}</p>`}
<dl class="answers">${said("Right", right)}${said("Full", full)}${said("Decoder", decoder)}</dl></article>`;
  };
  return html`<section aria-labelledby="examples-title"><h2 id="examples-title">What was asked and said</h2>
<div class="cards">${examples.map(card)}</div></section>`;
}

function method(result: ProbeReport["result"], command: string): Markup {
  const { mode, seeds, features, captionLayout, decoder, fingerprint, model, seconds, data } = result;
  const entry = (name: string, value: string) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  return html`<section aria-labelledby="method-title"><h2 id="method-title">How this was made</h2>
<p class="lead">Probes train on videos with black backgrounds and are asked about videos with white ones; for brightness the object differs
as well. The probe was trained for its task and the decoder was not, so the loss in the decoder is a bound, not its fault alone.</p>
<dl class="facts">${entry("Command", command)}${entry("Model", `${model} ${fingerprint}`)}${entry("Decoder", decoder)}${entry("Videos", data)}
${entry("Visual tokens", features)}${entry("Probes", `${mode}, ${seeds.length === 0 ? "none" : `seeds ${seeds.join(", ")}`}`)}
${entry("Captions", captionLayout === null ? "not asked" : captionLayout === "t3" ? "T3's prompt" : "one bare line a frame")}
${entry("Frames", "8, trunc(linspace(0, N − 1, 8))")}${entry("Time taken", `${Math.round(seconds)} s`)}</dl></section>`;
}
