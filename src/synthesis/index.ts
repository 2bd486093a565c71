/** Synthesis: training text and probing sets made from captions and scenes, and what can be told of them. */
export * from "./compass/index.ts";
export * from "./leakage/index.ts";
export * from "./numpro/index.ts";
export * from "./probing/index.ts";
export * from "./solve/index.ts";
export * from "./t3/index.ts";
export * from "./vtimellm/index.ts";
export * from "./writer/index.ts";
