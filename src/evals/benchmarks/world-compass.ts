/**
 * world-compass: TempCompass's protocol over films of the synthetic world, made on this machine. Its data lie as TempCompass's
 * do, so that its evaluation is TempCompass's.
 */
import { worldCompass, writeWorldCompass } from "../../synthesis/index.ts";
import { tempCompassLike } from "./tempcompass.ts";

export const worldCompassBenchmark = tempCompassLike("world-compass", "world-compass", {
  make: async (folder, { seed, signal, onProgress }) => {
    const made = worldCompass({ seed });
    const onVideo = (done: number) => onProgress(done, made.videos.length);
    await writeWorldCompass(folder, made, { signal, onVideo });
  },
});
