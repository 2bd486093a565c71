/**
 * The format of run logs for whoever reads them, browsers included: types, schemas, lines, foreign formats, comparisons. No file
 * of this folder, nor what it imports, needs Node. In the package: `zoetrope/evals/runs/format`.
 */
export { type CompareOptions, type Comparison, compareOutcomes } from "./compare.ts";
export * from "./docs.ts";
export { boundOf, type FigureOptions, figuresOf, type MetricEstimates, type RunFigures } from "./figures.ts";
export * from "./fingerprint.ts";
export { detectLog, type ForeignFormat, foreignFormats } from "./foreign.ts";
export * from "./outcome.ts";
export * from "./run-head.ts";
export * from "./run-row.ts";
export { type Parsed, parseLineAs, parseRunHead, parseRunRow, type RunText, readRunText } from "./run-text.ts";
