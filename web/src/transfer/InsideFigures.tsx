/** A look inside a model: where attention flows, and which edges an answer needs. */
import { useCallback } from "react";
import { PlotFigure } from "../parts/PlotFigure.tsx";
import type { Inside, Look } from "./inside.ts";
import { flowPlot, knockOutLegend, knockOutPlot } from "./inside-plots.ts";

export function InsideFigures({ inside }: Readonly<{ inside: Inside }>) {
  return (
    <>
      {inside.format === "zoetrope-look-inside" && <Flow look={inside} />}
      <KnockOuts inside={inside} />
    </>
  );
}

function Flow({ look }: Readonly<{ look: Look }>) {
  const options = useCallback((width: number) => flowPlot(look, width), [look]);
  return (
    <figure className="card transfer-figure inside">
      <figcaption>
        <h2>Where attention flows</h2>
        <p className="quiet small">
          {look.model} · {look.question.text.trim().split("\n")[0]}
        </p>
      </figcaption>
      <PlotFigure
        label={`Attention between ${look.groups.length} groups of positions in ${look.attention.length} layers.`}
        options={options}
      />
      <p className="small quiet">
        Rows look, columns are looked at: the share of a row's attention over all heads. Every row adds to 1. Frames go
        by their second.
      </p>
    </figure>
  );
}

function KnockOuts({ inside }: Readonly<{ inside: Inside }>) {
  const options = useCallback((width: number) => knockOutPlot(inside, width), [inside]);
  const isLook = inside.format === "zoetrope-look-inside";
  const worst = isLook ? inside.knockOuts.toSorted((a, b) => a.whole - b.whole)[0] : undefined;
  const window = inside.width === 1 ? "one layer" : `a window of ${inside.width} layers`;
  return (
    <figure className="card transfer-figure inside">
      <figcaption>
        <h2>What the answer needs to see</h2>
        <p className="quiet small">
          {inside.model} · {isLook ? inside.answers[inside.right] : `${inside.questions} questions, ${inside.source}`}
        </p>
        {!isLook && (
          <ul className="legend">
            {knockOutLegend(inside).map(({ name, tone }) => (
              <li key={name}>
                <i style={{ background: tone }} aria-hidden="true" />
                {name}
              </li>
            ))}
          </ul>
        )}
      </figcaption>
      <PlotFigure
        label={`Change of the right answer's probability with ${inside.knockOuts.length} kinds of edges cut, by layer.`}
        options={options}
      />
      <p className="small quiet">
        Change of its probability in percent (attention knock-out): one kind of edge is cut in {window}, which slides;
        changes above +100 % are drawn there.
        {isLook
          ? worst !== undefined &&
            ` In all layers the answer loses most when ${worst.title}: ${worst.whole.toFixed(0)} %.`
          : " Over the questions that the untouched model answers rightly; bands are 95 % intervals clustered by video."}
      </p>
    </figure>
  );
}
