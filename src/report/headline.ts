/** The top of the report: what came out, in one sentence that the interval allows, and the figures behind it. */
import type { TransferRow, TransferSummary, TransferTable } from "../evals/index.ts";
import { counted, percent, points } from "./format-number.ts";
import { html, type Markup } from "./html.ts";

export function headline(table: TransferTable, summary: TransferSummary): Markup {
  const { gain, gainLow, gainHigh } = summary;
  const scope = `${counted(summary.questions, "question")} on ${counted(summary.videos, "held-out video")}, ${counted(summary.seeds, "seed")}`;
  return html`<header>
<p class="eyebrow">Zoetrope · Transfer of temporal reasoning from text to video</p>
<h1>${claim(summary)}</h1>
<div class="hero">
<p class="gain"><span class="gain-value">${points(gain)}</span> <span class="gain-unit">points on temporal questions from video</span>
<span class="gain-interval">95 % interval ${points(gainLow)} to ${points(gainHigh)} · ${scope}</span></p>
<dl class="tiles">
${tile("Temporal, baseline", percent(summary.baselineTemporal))}
${tile("Temporal, control", percent(summary.controlTemporal))}
${tile("Temporal, T3", percent(summary.t3Temporal), "t3")}
${tile("Static, baseline → T3", `${percent(summary.baselineStatic)} → ${percent(summary.t3Static)}`)}
</dl>
</div>
<p class="lead">${explanation(table)}</p>
</header>`;
}

function tile(name: string, value: string, style = ""): Markup {
  return html`<div class="tile ${style}"><dt>${name}</dt><dd>${value}<span class="unit"> %</span></dd></div>`;
}

function claim({ gain, gainLow, gainHigh }: TransferSummary): string {
  if (gain === null || gainLow === null || gainHigh === null) return "There was nothing to measure";
  if (gainLow > 0) return "Training on text alone improved temporal reasoning on video";
  if (gainHigh < 0) return "Training on text alone worsened temporal reasoning on video";
  return "Training on text alone made no clear difference to temporal reasoning on video";
}

/** What the control and the static questions say, each with its own interval. */
function explanation({ rows }: TransferTable): string {
  const total = (kind: string) => rows.find((row) => row.total && row.kind === kind) as TransferRow;
  const [temporal, still] = [total("temporal"), total("static")];
  const over = temporal.gainOverControl;
  const parts = [
    "The baseline is a video model that never trained on questions about time; T3 goes on training it on temporal questions in plain text, without a single picture.",
  ];
  if (over.value !== null) {
    const verdict = isClear(over)
      ? ""
      : ", which is no clear difference: the gain may not come from what the text says about time";
    parts.push(
      `Against a control trained as long on text that has nothing to do with time, T3 stands at ${points(over.value)} points (${points(over.low)} to ${points(over.high)})${verdict}.`,
    );
  }
  if (still.gain.value !== null) {
    const change = `${points(still.gain.value)} points (${points(still.gain.low)} to ${points(still.gain.high)})`;
    parts.push(
      `On questions that need no sense of time the change is ${change}${isClear(still.gain) ? "" : ", no clear change"}.`,
    );
  }
  return parts.join(" ");
}

function isClear({ low, high }: Readonly<{ low: number | null; high: number | null }>): boolean {
  return low !== null && high !== null && (low > 0 || high < 0);
}
