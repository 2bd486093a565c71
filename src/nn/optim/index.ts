export { type AdamW, type AdamWOptions, type AdamWState, adamW, type NamedArrays, type StepOptions } from "./adamw.ts";
export { type AdamWKind, adamWGraph, adamWKinds, adamWScalars } from "./adamw-graph.ts";
export { clipByGlobalNorm, clippingFactor, globalNorm } from "./clipping.ts";
export { type CosineOptions, cosineWithWarmup } from "./schedule.ts";
export { weightsBetween } from "./weights-between.ts";
