/**
 * A matrix as a grid of tinted cells with its rows and columns named. Shares run from paper to ink; changes from one
 * colour over paper to another.
 */
import { html, type Markup } from "./html.ts";

export type HeatMap = Readonly<{
  /** In words, for those who do not see it. */
  label: string;
  rows: readonly string[];
  columns: readonly string[];
  /** Row by row; null where there is nothing. */
  values: readonly (readonly (number | null)[])[];
  /** The value that gets the full colour. Below 0 the other colour is used. */
  full: number;
  /** The value of a cell in words, behind the names of its row and column. */
  say: (value: number) => string;
  cell?: number;
  /** Tint by the square root, so that small values beside large ones are seen. */
  root?: boolean;
}>;

/** The map, with a title on every cell. */
export function heatMap({ label, rows, columns, values, full, say, cell = 18, root = false }: HeatMap): Markup {
  const left = 8 + 6.2 * Math.max(...rows.map(({ length }) => length));
  const top = 10 + 5.2 * Math.max(...columns.map(({ length }) => length));
  const width = Math.ceil(left + cell * columns.length + 24);
  const height = Math.ceil(top + cell * rows.length + 2);
  const at = (i: number) => (i + 0.5) * cell;
  const heads = columns.map((name, x) => {
    const place = `${(left + at(x)).toFixed(1)} ${top - 6}`;
    return html`<text transform="translate(${place}) rotate(-55)">${name}</text>`;
  });
  const lines = rows.map((name, y) => {
    const cells = columns.map((column, x) => {
      const value = values[y]?.[x] ?? null;
      if (value === null) return null;
      return html`<rect x="${(left + x * cell).toFixed(1)}" y="${top + y * cell}" width="${cell - 1}" height="${cell - 1}" style="fill:${tint(root ? Math.sign(value) * Math.sqrt(Math.abs(value / full)) : value / full)}"><title>${name} → ${column}: ${say(value)}</title></rect>`;
    });
    return html`<text x="${(left - 6).toFixed(1)}" y="${top + at(y) + 4}" text-anchor="end">${name}</text>${cells}`;
  });
  return html`<svg class="plot heat" role="img" aria-label="${label}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${heads}${lines}</svg>`;
}

/** -1 to 1 as a colour. */
function tint(share: number): string {
  const percent = (100 * Math.min(1, Math.abs(share))).toFixed(0);
  return `color-mix(in oklab,var(--${share < 0 ? "control" : "t3"}) ${percent}%,var(--panel))`;
}
