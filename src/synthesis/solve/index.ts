/** Solving: temporal questions answered from captions, by rule. */
export { type Change, changeBetween } from "./change-claims.ts";
export { contentStems } from "./locate.ts";
export type { Verdict } from "./order-claims.ts";
export { rightOptions, type Solution, solve } from "./solve.ts";
