/** Every shape by its name. */
import { frames } from "./frames.ts";
import { framesMetadata } from "./frames-metadata.ts";
import { gemini } from "./gemini.ts";
import { llamaServer } from "./llama-server.ts";
import { sglang } from "./sglang.ts";
import type { Shape, ShapeName } from "./shape.ts";
import { videoUrl } from "./video-url.ts";

export const shapes: Readonly<Record<ShapeName, Shape>> = {
  frames,
  "frames-metadata": framesMetadata,
  "video-url": videoUrl,
  sglang,
  "llama-server": llamaServer,
  gemini,
};
