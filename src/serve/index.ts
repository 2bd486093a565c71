/** An OpenAI-compatible server for models in this process. */
export { isLoopback } from "./access.ts";
export type { FrameWish } from "./frame-wish.ts";
export { defaultLimits, type ServeLimits } from "./limits.ts";
export type { MediaRules } from "./media-files.ts";
export { type RunningServer, type ServeOptions, startServer } from "./server.ts";
