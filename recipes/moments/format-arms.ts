/** The table of a reproduction on moments as text: an arm a row, percent with 95 % intervals, then the paired differences. */
import type { Estimate } from "../../src/core/math/index.ts";
import { intervalText, percentText, textTable } from "../../src/evals/index.ts";
import type { ArmFigures, FigureName } from "./figures.ts";

export type NamedArm = ArmFigures & Readonly<{ name: string }>;
/** `figure` as a table heads it. */
export type ClaimedDifference = Readonly<{ claim: string; figure: string; estimate: Estimate; isMeasured: boolean }>;

export type ArmColumn = Readonly<{ title: string; figure: FigureName }>;

const columns: readonly ArmColumn[] = [
  { title: "mIoU", figure: "miou" },
  { title: "R@0.3", figure: "r1At03" },
  { title: "R@0.5", figure: "r1At05" },
  { title: "R@0.7", figure: "r1At07" },
  { title: "HL mAP", figure: "highlightMap" },
  { title: "HIT@1", figure: "highlightHit1" },
  { title: "SODA_c", figure: "sodaC" },
];

/** A figure as tables head it. */
export function titleOf(figure: FigureName): string {
  return columns.find((column) => column.figure === figure)?.title ?? figure;
}

/** The figures that something was asked for. */
export function shownColumns(arms: readonly NamedArm[]): readonly ArmColumn[] {
  return columns.filter(({ figure }) => arms.some(({ figures }) => figures[figure].n > 0));
}

export function formatArms(arms: readonly NamedArm[], differences: readonly ClaimedDifference[]): string {
  const shown = shownColumns(arms);
  const head = ["", ...shown.flatMap(({ title }) => [title, ""]), "n", "unparsed"];
  const rows = arms.map(({ name, figures, moments, highlights, described, unparsed }) => [
    name,
    ...shown.flatMap(({ figure }) => {
      const { value, low, high } = figures[figure];
      return [percentText(value), intervalText(low, high)];
    }),
    String(moments + highlights + described),
    String(unparsed),
  ]);
  const told = differences.map(({ claim, figure, isMeasured, estimate: { value, low, high } }) => {
    if (!isMeasured) return `${claim}: not measured, no reply of either arm could be read`;
    return `${claim}: ${signed(value)} points ${figure} ${intervalText(low, high)}`;
  });
  return [textTable(head, rows), "", ...told].join("\n");
}

function signed(value: number | null): string {
  return value === null ? "-" : `${value < 0 ? "" : "+"}${value.toFixed(1)}`;
}
