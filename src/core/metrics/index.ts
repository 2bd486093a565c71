/** The field's metrics, as functions of plain values. */
export {
  accuracy,
  accuracyDifference,
  chanceLevel,
  type Difference,
  type Outcome,
  type PairedOutcome,
} from "./accuracy.ts";
export * from "./captioning/index.ts";
