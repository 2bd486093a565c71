/**
 * The report of one look inside: what stands where, where attention goes, what the layers would say, and what the answer needs.
 */
import { writeAtomically } from "../core/files/index.ts";
import type { LookRecord } from "../probes/index.ts";
import { points as signed } from "./format-number.ts";
import type { FrameStrip } from "./frame-strip.ts";
import { heatMap } from "./heat-map.ts";
import { html, type Markup } from "./html.ts";
import { layerChart, layerLegend, scaleOf } from "./layer-chart.ts";
import { pageText } from "./page.ts";

export type LookReport = Readonly<{ record: LookRecord; strip: FrameStrip; command: string; seconds: number }>;

/** Write the report, whole or not at all. */
export function writeLookReport(path: string, report: LookReport): void {
  writeAtomically(path, [lookPage(report)]);
}

/** The page as text. */
export function lookPage({ record, strip, command, seconds }: LookReport): string {
  const body = html`<a class="skip" href="#attention">Skip to the plots</a>
<header><p class="eyebrow">Zoetrope · Inside ${record.model}</p>
<h1>${claim(record)}</h1></header>
<main>${asked(record, strip)}
<section id="attention" aria-labelledby="attention-title"><h2 id="attention-title">Where attention goes</h2>
<p class="lead">Rows look, columns are looked at: the share of a row's attention, on average over its positions and all heads. Every
row adds to 1. Nothing can look at what comes later.</p>${attention(record)}</section>
<section aria-labelledby="words-title"><h2 id="words-title">What every layer would say</h2>
<p class="lead">The final norm and the output matrix on the states behind each layer (logit lens), at the last position and inside every
frame. State 0 are the embeddings.</p>${words(record)}</section>
${record.answers.length > 1 ? answerByState(record) : null}
<section aria-labelledby="modules-title"><h2 id="modules-title">Without a module</h2>
<p class="lead">Change of the right answer's log-probability where what an attention or an MLP adds is left out. Orange is lost, blue
is gained; the tint grows with the square root.</p>${modules(record)}</section>
<section aria-labelledby="cuts-title"><h2 id="cuts-title">Without an edge</h2>
<p class="lead">Attention knock-out: one kind of edge is cut in ${record.width === 1 ? "one layer" : `a window of ${record.width} layers`}, which slides. Drawn is
the change of p(${record.answers[record.right] ?? ""}) in percent, at most +100; the caption says what is left where the edge is cut in all layers.</p>
${knockOuts(record)}</section>
${method(record, command, seconds)}</main>`;
  return pageText(`Zoetrope: inside ${record.model}`, body);
}

/** The edge that the answer needs most. */
function claim({ knockOuts: cuts, answers, right }: LookRecord): string {
  const worst = cuts.filter(({ id }) => id !== "frames-to-text").toSorted((a, b) => a.whole - b.whole)[0];
  if (worst === undefined) return `How the model comes to “${answers[right]}”`;
  if (worst.whole > -10) return `No single kind of edge carries “${answers[right]}”`;
  return `“${answers[right]}” is ${Math.abs(worst.whole).toFixed(0)} % less likely when ${worst.title}`;
}

function asked(
  { question, answers, right, likeliest, logProbabilities, groups }: LookRecord,
  strip: FrameStrip,
): Markup {
  const source = `data:image/jpeg;base64,${Buffer.from(strip.jpeg).toString("base64")}`;
  const chances = softmax(logProbabilities);
  const listed = answers.map((answer, i) => {
    const tags = [i === right ? "followed" : "", i === likeliest ? "likeliest" : ""].filter((tag) => tag !== "");
    const p = `p ${Math.exp(logProbabilities[i] as number).toFixed(3)}`;
    const among = answers.length > 1 ? `, ${(100 * (chances[i] as number)).toFixed(1)} %` : "";
    return html`<li class="${i === right ? "right" : ""}">${answer}<span class="tag">${[p + among, ...tags].join(" · ")}</span></li>`;
  });
  const cells = groups.map(
    ({ name, positions }) =>
      html`<tr><th scope="row">${name}</th><td>${positions.length}</td><td>${ranges(positions)}</td></tr>`,
  );
  return html`<div class="columns" style="margin-top:2rem"><article class="card" style="--frames:${strip.times.length}"><figure>
<div class="strip-image"><img src="${source}" width="${strip.width}" height="${strip.height}" alt="Frames that the model saw"></div>
<figcaption>${strip.times.map((time) => html`<span>${time.toFixed(1)} s</span>`)}</figcaption></figure>
<p class="question">${question.text.trim()}</p><ul class="options">${listed}</ul></article>
<div class="scroll" style="max-height:24rem;overflow-y:auto"><table><thead><tr><th>Group</th><th>Tokens</th><th>Positions</th></tr></thead><tbody>${cells}</tbody></table></div></div>`;
}

function attention(record: LookRecord): Markup {
  const names = record.groups.map(({ name }) => name);
  const kinds = [
    { kind: "frame", name: "frames", tone: "t3" },
    { kind: "question", name: "question", tone: "control" },
    { kind: "option", name: "options", tone: "better" },
    { kind: "template", name: "beginning", tone: "baseline" },
    { kind: "end", name: "the end itself", tone: "worse" },
  ];
  const lines = kinds.map(({ kind, ...line }) => ({
    ...line,
    points: record.attention.map((heads, layer) => {
      const rows = heads.map((map) => map.at(-1) ?? []);
      const share = (row: readonly number[]) =>
        row.reduce((sum, value, i) => {
          const own = record.groups[i]?.kind ?? "";
          return sum + (own === kind || (kind === "end" && (own === "ending" || own === "last")) ? value : 0);
        }, 0);
      return { x: layer, y: (100 * rows.reduce((sum, row) => sum + share(row), 0)) / rows.length };
    }),
  }));
  const say = (value: number) => `${(100 * value).toFixed(1)} %`;
  const maps = record.attention.map((heads, layer) => {
    const values = names.map((_, query) =>
      names.map((__, key) =>
        key > query && !overlaps(record, query, key) ? null : meanOf(heads.map((map) => map[query]?.[key] ?? 0)),
      ),
    );
    return html`<figure><h4>Layer ${layer}</h4>${heatMap({ label: `Attention by group in layer ${layer}`, rows: names, columns: names, values, full: 1, say })}</figure>`;
  });
  const heads = record.attention.map((of, layer) => {
    const rows = of.map((_, head) => `head ${head}`);
    const values = of.map((map) => map.at(-1) ?? []);
    return html`<figure><h4>Layer ${layer}</h4>${heatMap({ label: `Where each head of layer ${layer} looks from the last position`, rows, columns: names, values, full: 1, say })}</figure>`;
  });
  return html`<h3>From the last position, by layer</h3>${layerLegend(lines)}
<div class="chart">${layerChart({ title: "Attention of the last position", xTitle: "layer", yTitle: "% of its attention", lines, y: { low: 0, high: 100 } })}</div>
<h3>From every group to every group</h3><div class="maps">${maps}</div>
<details><summary>Each head, from the last position</summary><div class="maps">${heads}</div></details>`;
}

/** The question stands before and behind its options, so both may look at each other. */
function overlaps({ groups }: LookRecord, query: number, key: number): boolean {
  return (groups[query]?.positions.at(-1) ?? 0) > (groups[key]?.positions[0] ?? 0);
}

function words({ words: read, groups }: LookRecord): Markup {
  const columns = groups.flatMap((group, i) => {
    const own = read.filter((each) => each.group === i);
    return own.length === 0 ? [] : [{ group, own }];
  });
  const states = read[0]?.states.length ?? 0;
  const ordered = [
    ...columns.filter(({ group }) => group.kind === "last"),
    ...columns.filter(({ group }) => group.kind !== "last"),
  ];
  const rows = Array.from({ length: states }, (_, state) => {
    const cells = ordered.map(({ group, own }) => {
      const said =
        group.kind === "last"
          ? (own[0]?.states[state] ?? []).slice(0, 4)
          : own.map(({ states: of }) => of[state]?.[0]).filter((word) => word !== undefined);
      const unique = new Map(
        said
          .toSorted((a, b) => b.logProbability - a.logProbability)
          .map((each) => [each.word, each] as const)
          .toReversed(),
      );
      const best = [...unique.values()].toSorted((a, b) => b.logProbability - a.logProbability).slice(0, 4);
      return html`<td>${best.map(({ word, logProbability }) => html`<span style="opacity:${(0.45 + 0.55 * Math.exp(logProbability)).toFixed(2)}" title="p ${Math.exp(logProbability).toFixed(3)}">${word.trim() === "" ? JSON.stringify(word) : word}</span> `)}</td>`;
    });
    return html`<tr><th scope="row">${state}</th>${cells}</tr>`;
  });
  return html`<div class="scroll"><table class="lens"><thead><tr><th>State</th>${ordered.map(({ group }) => html`<th>${group.name}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>
<p class="note">The fainter, the less probable. At the last position the likeliest words; in a frame the likeliest word of each of its positions that were read (${read.length - 1} in all).</p>`;
}

const tones = ["t3", "control", "better", "worse", "baseline"];

function answerByState({ answers, answerByState: logs, right }: LookRecord): Markup {
  const lines = answers.slice(0, tones.length).map((answer, i) => ({
    name: i === right ? `${answer} (followed)` : answer,
    tone: tones[i] as string,
    points: (logs[i] ?? []).map((log, state) => ({ x: state, y: 100 * Math.exp(log) })),
  }));
  return html`<section aria-labelledby="answers-title"><h2 id="answers-title">The answer, layer by layer</h2>
<p class="lead">Probability of the token that begins to tell the options apart, by the same reading of every state.</p>
${layerLegend(lines)}<div class="chart">${layerChart({ title: "Probability by state", xTitle: "state", yTitle: "%", lines, y: { low: 0, high: 100 } })}</div></section>`;
}

function modules({ modules: changes, headChanges, layers }: LookRecord): Markup {
  const range = Array.from({ length: layers }, (_, i) => String(i));
  const say = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)} nats`;
  const full = Math.max(
    1e-6,
    ...changes.map(({ change }) => Math.abs(change)),
    ...(headChanges ?? []).flat().map(Math.abs),
  );
  const rows = (["attention", "mlp"] as const).map((module) =>
    range.map((_, layer) => changes.find((each) => each.layer === layer && each.module === module)?.change ?? null),
  );
  const map = heatMap({
    label: "Change of the log-probability by module",
    rows: ["attention", "MLP"],
    columns: range,
    values: rows,
    full,
    say,
    cell: 26,
    root: true,
  });
  const heads = headChanges && {
    rows: (headChanges[0] ?? []).map((_, head) => `head ${head}`),
    values: (headChanges[0] ?? []).map((_, head) => headChanges.map((layer) => layer[head] ?? null)),
  };
  return html`<div class="maps"><figure><h4>By layer; the strongest colour is ${full.toFixed(2)} nats</h4>${map}</figure>
${heads ? html`<figure><h4>Single heads</h4>${heatMap({ label: "Change by head", ...heads, columns: range, full, say, cell: 26, root: true })}</figure>` : null}</div>`;
}

function knockOuts({ knockOuts: cuts }: LookRecord): Markup {
  const all = cuts.flatMap(({ points, whole }) => [...points.map(({ change }) => change), whole]);
  const y = scaleOf([-100, ...all.map((change) => Math.min(100, change))]);
  return html`<div class="chart-grid">${cuts.map(({ title, points, whole }) => {
    const lines = [{ name: title, tone: "t3", points: points.map(({ centre, change }) => ({ x: centre, y: change })) }];
    return html`<figure><h4>${title}</h4>${layerChart({ title, xTitle: "layer", yTitle: "%", lines, y, height: 120 })}
<p class="note">In all layers: ${signed(whole)} %</p></figure>`;
  })}</div>`;
}

function method(record: LookRecord, command: string, seconds: number): Markup {
  const entry = (name: string, value: string) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  const { question, features } = record;
  return html`<section aria-labelledby="method-title"><h2 id="method-title">How this was made</h2>
<dl class="facts">${entry("Command", command)}${entry("Model", `${record.model} ${record.fingerprint}`)}${entry("Video", question.video)}
${entry("Frames", `${question.frames.length}, ${question.sampler}`)}${entry("Decoder", `${record.layers} layers of ${record.heads} heads`)}
${entry("Windows", `${record.width} wide, every ${record.every}`)}${entry("Exported", features === null ? "nothing" : features.file)}
${entry("Time taken", `${seconds.toFixed(1)} s`)}</dl></section>`;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function softmax(logs: readonly number[]): number[] {
  const best = Math.max(...logs);
  const shares = logs.map((log) => Math.exp(log - best));
  const total = shares.reduce((a, b) => a + b, 0);
  return shares.map((share) => share / total);
}

/** "3–7, 12". */
function ranges(positions: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const position of positions) {
    const last = runs.at(-1);
    if (last && last[1] === position - 1) last[1] = position;
    else runs.push([position, position]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`)).join(", ");
}
