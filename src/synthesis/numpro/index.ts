/** NumPro-FT: training rows whose answers are the numbers on the frames, with the frames counted so that they fit. */
export { type FramePlan, longvaBudget, numbersOf, type Overflow, planFrames, type TokenBudget } from "./frame-plan.ts";
export {
  type NumproOptions,
  type NumproOutcome,
  type NumproRow,
  numproFromVtimellm,
  numproRows,
  rowTokens,
} from "./row.ts";
