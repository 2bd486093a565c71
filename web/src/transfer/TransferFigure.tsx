/** A figure of the page: what it shows, of what, its colours, the plot, and how to read it. */
import type { ComponentProps, ReactNode } from "react";
import { PlotFigure } from "../parts/PlotFigure.tsx";

export type Legend = readonly Readonly<{ name: string; tone: string }>[];

type TransferFigureProps = ComponentProps<typeof PlotFigure> &
  Readonly<{ kind: string; title: string; subject: ReactNode; legend?: Legend; note: ReactNode }>;

export function TransferFigure({ kind, title, subject, legend = [], note, ...plot }: TransferFigureProps) {
  return (
    <figure className={`card transfer-figure ${kind}`}>
      <figcaption>
        <h2>{title}</h2>
        <p className="quiet small">{subject}</p>
        {legend.length > 0 && (
          <ul className="legend">
            {legend.map(({ name, tone }) => (
              <li key={name}>
                <i style={{ background: tone }} aria-hidden="true" />
                {name}
              </li>
            ))}
          </ul>
        )}
      </figcaption>
      <PlotFigure {...plot} />
      <p className="small quiet">{note}</p>
    </figure>
  );
}
