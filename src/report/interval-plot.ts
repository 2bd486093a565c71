/**
 * Figures with their intervals as SVG on a percent axis: a mark and a whisker for each, one below the other, and a dashed line
 * at the level of chance. Lanes differ in shape as well as in colour.
 */
import { type Content, html, type Markup } from "./html.ts";

/** `style` names a colour class of the stylesheet: baseline, control, t3 or fourth. */
export type Lane = Readonly<{
  style: string;
  shape: "open circle" | "square" | "full circle" | "diamond";
  value: number | null;
  low: number | null;
  high: number | null;
}>;

const laneHeight = 12;
const ticks = [0, 25, 50, 75, 100];

/** The plot of one row; `label` says in words what it shows. */
export function intervalPlot(label: string, lanes: readonly Lane[], chance: number | null): Markup {
  const height = laneHeight * (lanes.length + 1);
  const grid = ticks.map((value) => html`<line class="grid" x1="${value}%" x2="${value}%" y1="0" y2="100%"/>`);
  const guess =
    chance === null
      ? null
      : html`<line class="chance" x1="${chance.toFixed(2)}%" x2="${chance.toFixed(2)}%" y1="4" y2="${height - 4}"/>`;
  return html`<svg class="plot" role="img" aria-label="${label}" width="100%" height="${height}">${grid}${guess}${lanes.map(
    (lane, i) => drawn(lane, laneHeight * (i + 1)),
  )}</svg>`;
}

/** Rows of plots with their axis below; `title` heads what stands at their right. */
export function intervalFigure(title: Content, rows: readonly Markup[]): Markup {
  return html`<div class="intervals"><div class="interval-row interval-head" aria-hidden="true"><span></span><span></span><span class="interval-gain">${title}</span></div>
${rows}
<div class="interval-row interval-axis" aria-hidden="true"><span></span>${percentAxis()}<span></span></div></div>`;
}

function percentAxis(): Markup {
  return html`<svg class="plot" width="100%" height="20">${ticks.map(
    (value) =>
      html`<text class="tick" x="${value}%" y="14" text-anchor="middle">${value}${value === 100 ? " %" : ""}</text>`,
  )}</svg>`;
}

/** What the marks mean. */
export function intervalLegend(
  lanes: readonly (Pick<Lane, "style" | "shape"> & Readonly<{ name: string }>)[],
  { chance = true }: Readonly<{ chance?: boolean }> = {},
): Markup {
  const line = html`<li><svg class="plot" width="6" height="14" aria-hidden="true"><line class="chance" x1="3" x2="3" y1="0" y2="14"/></svg>Chance</li>`;
  return html`<ul class="legend">${lanes.map(
    ({ name, style, shape }) =>
      html`<li><svg class="plot" width="22" height="12" aria-hidden="true"><line class="whisker ${style}" x1="0" x2="22" y1="6" y2="6"/>${mark({ style, shape }, "50%", 6)}</svg>${name}</li>`,
  )}${chance ? line : null}</ul>`;
}

function drawn(lane: Lane, y: number): Content {
  const { style, value, low, high } = lane;
  if (value === null || low === null || high === null) return null;
  return html`<line class="whisker ${style}" x1="${low.toFixed(2)}%" x2="${high.toFixed(2)}%" y1="${y}" y2="${y}"/>${mark(lane, `${value.toFixed(2)}%`, y)}`;
}

function mark({ style, shape }: Pick<Lane, "style" | "shape">, x: string, y: number): Markup {
  if (shape === "open circle" || shape === "full circle")
    return html`<circle class="mark ${style}" cx="${x}" cy="${y}" r="${shape === "full circle" ? 5 : 4}"/>`;
  const turn = shape === "diamond" ? html` transform="rotate(45)"` : null;
  return html`<svg x="${x}" y="${y}" overflow="visible" width="1" height="1"><rect class="mark ${style}" x="-4" y="-4" width="8" height="8"${turn}/></svg>`;
}
