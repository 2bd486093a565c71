/** A look inside a model: where attention flows, and which edges an answer needs. */
import { useCallback } from "react";
import type { Inside, Look } from "./inside.ts";
import { flowPlot, knockOutLegend, knockOutPlot } from "./inside-plots.ts";
import { TransferFigure } from "./TransferFigure.tsx";

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
    <TransferFigure
      kind="inside"
      title="Where attention flows"
      subject={`${look.model} · ${look.question.text.trim().split("\n")[0]}`}
      label={`Attention between ${look.groups.length} groups of positions in ${look.attention.length} layers.`}
      options={options}
      note="Rows look, columns are looked at: the share of a row's attention over all heads. Every row adds to 1. Frames go by their second."
    />
  );
}

function KnockOuts({ inside }: Readonly<{ inside: Inside }>) {
  const options = useCallback((width: number) => knockOutPlot(inside, width), [inside]);
  const isLook = inside.format === "zoetrope-look-inside";
  const worst = isLook ? inside.knockOuts.toSorted((a, b) => a.whole - b.whole)[0] : undefined;
  const window = inside.width === 1 ? "one layer" : `a window of ${inside.width} layers`;
  const read = isLook
    ? worst !== undefined && ` In all layers the answer loses most when ${worst.title}: ${worst.whole.toFixed(0)} %.`
    : " Over the questions that the untouched model answers rightly; bands are 95 % intervals clustered by video.";
  return (
    <TransferFigure
      kind="inside"
      title="What the answer needs to see"
      subject={`${inside.model} · ${isLook ? inside.answers[inside.right] : `${inside.questions} questions, ${inside.source}`}`}
      legend={isLook ? [] : knockOutLegend(inside)}
      label={`Change of the right answer's probability with ${inside.knockOuts.length} kinds of edges cut, by layer.`}
      options={options}
      note={
        <>
          Change of its probability in percent (attention knock-out): one kind of edge is cut in {window}, which slides;
          changes above +100 % are drawn there.
          {read}
        </>
      }
    />
  );
}
