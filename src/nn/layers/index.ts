export { causalAttention } from "./causal-attention.ts";
export { type ChosenRows, chosenRows, rowsAt } from "./chosen-rows.ts";
export { mergeHeads, splitHeads } from "./heads.ts";
export { blockedScores, causalMask, paddingMask } from "./masks.ts";
export { type Affine, gatedMlp, mlp } from "./mlp.ts";
export { averagePool, bilinearPool, cutPatches } from "./patches.ts";
export { type RotaryTables, rotaryTables } from "./rotary.ts";
