/** The table of a reproduction on moments as text: an arm a row, percent with 95 % intervals, then the paired differences. */
import type { Estimate } from "../../src/core/math/index.ts";
import { intervalText, percentText, textTable } from "../../src/evals/index.ts";
import type { ArmFigures, FigureName } from "./figures.ts";

export type NamedArm = ArmFigures & Readonly<{ name: string }>;
export type ClaimedDifference = Readonly<{ claim: string; estimate: Estimate }>;

const columns: readonly (readonly [title: string, figure: FigureName])[] = [
  ["mIoU", "miou"],
  ["R@0.3", "r1At03"],
  ["R@0.5", "r1At05"],
  ["R@0.7", "r1At07"],
  ["HL mAP", "highlightMap"],
  ["HIT@1", "highlightHit1"],
  ["SODA_c", "sodaC"],
];

export function formatArms(arms: readonly NamedArm[], differences: readonly ClaimedDifference[]): string {
  const shown = columns.filter(([, figure]) => arms.some(({ figures }) => figures[figure].n > 0));
  const head = ["", ...shown.flatMap(([title]) => [title, ""]), "n", "unparsed"];
  const rows = arms.map(({ name, figures, moments, highlights, unparsed }) => [
    name,
    ...shown.flatMap(([, figure]) => {
      const { value, low, high } = figures[figure];
      return [percentText(value), intervalText(low, high)];
    }),
    String(moments + highlights),
    String(unparsed),
  ]);
  const told = differences.map(({ claim, estimate: { value, low, high } }) => {
    return `${claim}: ${signed(value)} points mIoU ${intervalText(low, high)}`;
  });
  return [textTable(head, rows), "", ...told].join("\n");
}

function signed(value: number | null): string {
  return value === null ? "-" : `${value < 0 ? "" : "+"}${value.toFixed(1)}`;
}
