/** Synthesis: training text and probing sets made from captions and scenes. */
export * from "./compass/index.ts";
export * from "./probing/index.ts";
export * from "./t3/index.ts";
