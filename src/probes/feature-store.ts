/**
 * Features of videos on disk, reduced to what the probes read, so that a model is run over each video once.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openPendingFile } from "../core/files/index.ts";
import type { FeatureReader } from "./features.ts";
import type { ProbingVideo } from "./probing-data.ts";
import { paperSize, resizeBilinear, shrinkByAveraging, type TokenGrid } from "./resize-tokens.ts";
import type { ProbeMode } from "./settings.ts";
import type { FrameSource } from "./video-frames.ts";

/** What the LSTM probe and the linear probe read of a video. */
export type VideoFeatures = Readonly<{ tokens: TokenGrid; last: TokenGrid }>;

export type FeatureStore = Readonly<{ of(item: Pick<ProbingVideo, "video" | "path">): Promise<VideoFeatures> }>;

/** Features in a folder of their own: another model, layer or mode needs another folder. */
export function featureStore(
  folder: string,
  parts: Readonly<{ reader: FeatureReader; frames: FrameSource; mode: ProbeMode }>,
): FeatureStore {
  const { reader, frames, mode } = parts;
  return {
    async of({ video, path }) {
      const file = join(folder, `${video}.f32`);
      if (existsSync(file)) return unpack(readFileSync(file), file);
      const features = reduce(await reader.read(await frames.of(video, path)), mode);
      const pending = openPendingFile(file);
      pending.write(pack(features));
      pending.commit({ durable: false });
      return features;
    },
  };
}

/**
 * Parity: as they are where they are smaller than the paper's 128 x 1024 (they are enlarged when they are used), else resized
 * bilinearly. Sane: no axis longer than that, by averaging. The last token is kept whole.
 */
function reduce(tokens: TokenGrid, mode: ProbeMode): VideoFeatures {
  const { length, width, data } = tokens;
  const last = { length: 1, width, data: data.slice((length - 1) * width) };
  if (mode === "sane") return { tokens: shrinkByAveraging(tokens), last };
  const isLarge = data.length > paperSize.length * paperSize.width;
  return { tokens: isLarge ? resizeBilinear(tokens, paperSize) : tokens, last };
}

function pack({ tokens, last }: VideoFeatures): Uint8Array {
  const all = new Float32Array(3 + tokens.data.length + last.data.length);
  all.set([tokens.length, tokens.width, last.width]);
  all.set(tokens.data, 3);
  all.set(last.data, 3 + tokens.data.length);
  return new Uint8Array(all.buffer);
}

function unpack(bytes: Buffer, file: string): VideoFeatures {
  const all = new Float32Array(new Uint8Array(bytes).buffer);
  const [length = 0, width = 0, lastWidth = 0] = all;
  const end = 3 + length * width;
  if (all.length !== end + lastWidth) throw new Error(`Expected whole features in ${file}. Remove the file.`);
  return {
    tokens: { length, width, data: all.slice(3, end) },
    last: { length: 1, width: lastWidth, data: all.slice(end) },
  };
}
