/** Data: captions in, rows of the field's formats in and out. */
export type { Caption } from "./caption.ts";
