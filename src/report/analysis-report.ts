/**
 * The report of T3's analyses as one HTML file that asks nothing of the network: mixtures, text against video, modules, frames,
 * the paper's figures beside ours throughout.
 */
import { writeAtomically } from "../core/files/index.ts";
import {
  collapseSentence,
  correlationSentence,
  frameSentence,
  mixtureClaim,
  mixtureSentence,
  moduleSentence,
} from "./analysis-claims.ts";
import type { AnalysisReport, FrameRow, ModelRow, TextVideoPoint } from "./analysis-data.ts";
import { findingTable, frameTable, mixtureTable, moduleTable, seedTable } from "./analysis-tables.ts";
import { count, counted, percent, points } from "./format-number.ts";
import { html, type Markup } from "./html.ts";
import { intervalFigure, intervalLegend, intervalPlot, type Lane } from "./interval-plot.ts";
import { pageText } from "./page.ts";
import { type ScatterPoint, scatterPlot } from "./scatter-plot.ts";

/** Write the report, whole or not at all. */
export function writeAnalysisReport(path: string, report: AnalysisReport): void {
  writeAtomically(path, [analysisPage(report)]);
}

/** The page as text. */
export function analysisPage(report: AnalysisReport): string {
  const { mixtures, findings, modules, frames } = report;
  const body = html`<a class="skip" href="#mixtures">Skip to the results</a>
<header><p class="eyebrow">Zoetrope · The analyses of T3 in miniature</p>
<h1>${mixtureClaim(report)}</h1>
<p class="lead" style="margin-top:1rem">${mixtureSentence(report)}</p>
<p class="lead" style="margin-top:1rem">${caution(report)}</p></header>
<main>
<section id="mixtures" aria-labelledby="mixtures-title"><h2 id="mixtures-title">Mixtures of training text</h2>
<p class="lead">Percent of temporal questions answered rightly, with 95 % intervals resampled by video; the dashed line is what guessing
scores. TC is temporal change (order and attribute questions), 1x to 8x the lines of text for each thing.</p>
${lanesChart(mixtures, "− baseline", ({ overBaseline }) => points(overBaseline?.value ?? null))}
<h3>All figures</h3>
${mixtureTable(mixtures)}
<p class="note">Differences in points, paired by question, coloured where the interval leaves out zero. Unparsed replies count as wrong.
Favourite option: the letter chosen most and, in brackets, how often it is right, in percent. The paper's column is TempCompass, multiple
choice, LongVA-7B at 32 frames; beside the control stand its two controls.</p>
${seedTable(mixtures)}
<h3>Pair by pair</h3>
<p class="lead">${collapseSentence(report)}</p>
${findingTable(findings)}
<p class="note">The paper gives no intervals; ± is how far two independent groups of as many questions differ by chance (95 %), which is
too wide for pairs on the same questions and too narrow for a new training. A difference of ours is clear where its interval leaves out
zero; by chance alone that happens to one pair in twenty.</p></section>
<section aria-labelledby="text-title"><h2 id="text-title">Held-out text against video</h2>
<p class="lead">${correlationSentence(report)}</p>
${scatters(report)}</section>
<section aria-labelledby="modules-title"><h2 id="modules-title">Which modules matter</h2>
<p class="lead">${moduleSentence(modules)}</p>
${lanesChart(modules, "− all", (row) => points(modules.find(({ id }) => id === row.id)?.overAll?.value ?? null))}
${moduleTable(modules)}
<p class="note">The paper's figures are of a model trained on T3 text and image data together.</p></section>
<section aria-labelledby="frames-title"><h2 id="frames-title">Gain from more frames</h2>
<p class="lead">${frameSentence(frames)}</p>
${frameChart(frames)}
${frameTable(frames)}
<p class="note">The same models, questions and videos, more or fewer frames by the same sampler; nothing is trained for it. Gains are in
points and paired by question.</p></section>
${method(report)}
</main>`;
  return pageText("Zoetrope: the analyses of T3 in miniature", body);
}

/** How little so few steps can show. */
function caution({ steps, quick, questions, videos, provenance }: AnalysisReport): string {
  const seeds = provenance.seeds.length;
  const about = `${counted(questions, "question")} on ${counted(videos, "video")}, ${counted(seeds, "seed")}`;
  const short = `Every model was trained for ${counted(steps, "step")}, where zoetrope reproduce t3 takes hundreds: with few of them differences are small, and what is learnt late is not learnt at all. ${about}.`;
  const alone =
    seeds === 1 ? " With one seed the intervals are about other videos and say nothing of other trainings." : "";
  return `${short}${alone}${quick ? " This was a quick run: it shows that everything works, not what is true." : ""}`;
}

const lanes = [
  { name: "Video", style: "t3", shape: "full circle" },
  { name: "Held-out text", style: "control", shape: "square" },
] as const satisfies readonly (Pick<Lane, "style" | "shape"> & { name: string })[];

function lanesChart(rows: readonly ModelRow[], title: string, gain: (row: ModelRow) => string): Markup {
  const drawnRows = rows.map((row) => {
    const { name, video, text } = row;
    const [seen, read] = [video.temporal, text];
    const said = `${name}: video ${percent(seen.accuracy)} %, interval ${percent(seen.low)} to ${percent(seen.high)}; held-out text ${percent(read.accuracy)} %.`;
    const [onVideo, onText] = lanes;
    const drawn = [
      { ...seen, ...onVideo, value: seen.accuracy },
      { ...read, ...onText, value: read.accuracy },
    ];
    return chartRow(name, intervalPlot(said, drawn, seen.chance), gain(row));
  });
  return html`${intervalLegend(lanes)}${intervalFigure(title, drawnRows)}`;
}

const frameLanes = [
  { style: "baseline", shape: "open circle" },
  { style: "control", shape: "square" },
  { style: "t3", shape: "full circle" },
] as const satisfies readonly Pick<Lane, "style" | "shape">[];

function frameChart(rows: readonly FrameRow[]): Markup {
  const counts = rows[0]?.byCount.map(({ frames }) => frames) ?? [];
  const lane = (i: number) => frameLanes[i % frameLanes.length] as (typeof frameLanes)[number];
  const [, widest] = rows[0]?.gains ?? [];
  const legend = intervalLegend(counts.map((frames, i) => ({ name: counted(frames, "frame"), ...lane(i) })));
  const drawnRows = rows.map(({ name, byCount, gains }) => {
    const said = byCount.map(({ frames, score }) => `${frames} frames ${percent(score.accuracy)} %`).join("; ");
    const drawn = byCount.map(({ score }, i) => ({ ...score, ...lane(i), value: score.accuracy }));
    const plot = intervalPlot(`${name}: ${said}.`, drawn, byCount[0]?.score.chance ?? null);
    return chartRow(name, plot, points(gains[1]?.difference.value ?? null));
  });
  return html`${legend}${intervalFigure(html`${widest?.from} to ${widest?.to}`, drawnRows)}`;
}

function chartRow(name: string, plot: Markup, gain: string): Markup {
  return html`<div class="interval-row"><span class="interval-label">${name}</span>${plot}<span class="interval-gain">${gain}</span></div>`;
}

function scatters({ correlation, paperCorrelation }: AnalysisReport): Markup {
  const styled = (points: readonly TextVideoPoint[], style: string) =>
    points.map((point): ScatterPoint => ({ ...point, style }));
  const rho = (r: number | null) => (r === null ? "–" : r.toFixed(2).replace("-", "−"));
  const ours = scatterPlot({
    title: "Ours: held-out text against video",
    xTitle: "Held-out text, %",
    yTitle: "Video, temporal, %",
    points: styled(correlation.points, "t3"),
    height: 420,
    reference: `Spearman ${rho(correlation.spearman.r)}`,
  });
  const { published } = paperCorrelation;
  const theirs = scatterPlot({
    title: "The paper: textual validation against TempCompass",
    xTitle: "Textual validation, %",
    yTitle: "TempCompass, %",
    points: styled(paperCorrelation.points, "control"),
    height: 420,
    reference: `Spearman ${rho(paperCorrelation.spearman.r)}; published r ${published.r}, p ${published.p.toExponential(2)}`,
  });
  return html`${ours}${theirs}<p class="note">The interval of r is about other models of the same kind and takes the points as they stand;
their own uncertainty is drawn. The paper's points were read off its Fig. 5; five of them lie between 82 and 85 and are drawn in the
middle.</p>`;
}

function method({ provenance: made, questions, videos }: AnalysisReport): Markup {
  const entry = (name: string, value: string) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  return html`<section aria-labelledby="method-title"><h2 id="method-title">How this was made</h2>
<p class="lead">Each model starts from the shipped checkpoint and trains its decoder on text alone, for the same number of rows. Held-out text
asks the same kinds of questions in T3's serialisation about captions of things and backgrounds that no training text mentions. The
temporal questions are T3's probing questions; TempCompass asks about action, direction and speed as well, and neither about the middle of
a video nor where a thing is seen.</p>
<dl class="facts">${entry("Command", made.command)}${entry("Checkpoint", `${made.model} ${made.fingerprint}`)}${entry("Commit", made.commit)}
${entry("Seeds", made.seeds.join(", "))}${entry("Frames", made.sampler)}${entry("Machine", made.machine)}
${entry("Time of the last call", `${Math.round(made.seconds)} s`)}${entry("Questions", count(questions))}${entry("Videos", count(videos))}
${made.counts.map((item) => entry(item.what, count(item.count)))}</dl>
<h3>What training never saw</h3><ul class="plain">${made.heldOut.map((text) => html`<li>${text}</li>`)}</ul></section>`;
}
