/** Films with a question, and under their frames the true moment and every arm's answer on one timeline. */
import { percent } from "./format-number.ts";
import { type Content, html, type Markup } from "./html.ts";
import type { Lane } from "./interval-plot.ts";
import type { DenseExample, MomentsExample, MomentsReport, MomentsSpan } from "./moments-data.ts";
import { stripFigure } from "./strip-figure.ts";

const marks: readonly Pick<Lane, "style" | "shape">[] = [
  { style: "baseline", shape: "open circle" },
  { style: "control", shape: "square" },
  { style: "t3", shape: "full circle" },
  { style: "fourth", shape: "diamond" },
];

/** Colour and shape of the arm at this place. Throws on a fifth. */
export function armMarks(place: number): Pick<Lane, "style" | "shape"> {
  const mark = marks[place];
  if (mark === undefined) throw new RangeError(`Expected at most ${marks.length} arms, got one at place ${place}.`);
  return mark;
}

export function momentCards({ arms, examples, dense }: MomentsReport): Markup | null {
  if (examples.length + dense.length === 0) return null;
  const names = arms.map(({ name }) => name);
  return html`<section aria-labelledby="examples-title"><h2 id="examples-title">Questions and answers</h2>
<p class="lead">Drawn at random among all questions of the first seed. A bar is a moment on the film's timeline, under the frames that the
models saw.</p>
${examples.map((example) => momentCard(example, names))}
${dense.length === 0 ? null : html`<h3>All events of a film</h3>`}
${dense.map((example) => denseCard(example, names))}</section>`;
}

function momentCard(
  { film, query, strip, duration, truth, replies }: MomentsExample,
  names: readonly string[],
): Markup {
  const row = (label: string, bar: Content, note: Content) =>
    html`<div class="interval-row"><span class="interval-label">${label}</span>${bar}<span class="interval-gain">${note}</span></div>`;
  const answers = replies.map(({ span, reply, iou }, i) => {
    const name = names[i] as string;
    if (span !== null)
      return row(name, spanBar(name, span, { duration, style: armMarks(i).style }), `IoU ${iou.toFixed(2)}`);
    return row(name, html`<span class="muted">said “${shortened(reply)}”</span>`, "unread");
  });
  return html`<article class="card wide"><h4>${film}: when? <q>${query}</q></h4>
${row("", stripFigure(strip), "")}
${row("truth", spanBar("truth", truth, { duration, style: "truth" }), secondsOf(truth))}
${answers}</article>`;
}

function denseCard({ film, strip, truth, replies }: DenseExample, names: readonly string[]): Markup {
  const told = replies.map(({ reply, isRead, sodaC }, i) => {
    const score = isRead ? `SODA_c ${percent(sodaC)}` : "could not be read";
    return html`<div><dt>${names[i]}<br><span class="muted">${score}</span></dt><dd>${shortened(reply, 500)}</dd></div>`;
  });
  return html`<article class="card wide"><h4>${film}: what happens when?</h4>${stripFigure(strip)}
<dl class="answers dense"><div><dt>truth</dt><dd>${truth}</dd></div>${told}</dl></article>`;
}

function spanBar(
  name: string,
  [start, end]: MomentsSpan,
  { duration, style }: Readonly<{ duration: number; style: string }>,
): Markup {
  const at = (seconds: number) => Math.min(100, Math.max(0, (100 * seconds) / duration));
  // A moment without length would not be seen.
  const width = Math.max(0.4, at(end) - at(start));
  return html`<svg class="plot" role="img" aria-label="${name}: ${secondsOf([start, end])}" width="100%" height="16"><line class="grid" x1="0" x2="100%" y1="8" y2="8"/><rect class="span ${style}" x="${at(start).toFixed(2)}%" width="${width.toFixed(2)}%" y="3" height="10" rx="2"/></svg>`;
}

function secondsOf([start, end]: MomentsSpan): string {
  return `${start.toFixed(1)} to ${end.toFixed(1)} s`;
}

function shortened(text: string, most = 80): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
