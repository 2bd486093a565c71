/**
 * Which shapes a server takes: one small question in each, in the order in which they are to be preferred, until one is
 * answered. Whether a server that takes a shape also tells its times right is `doctor`'s to find out.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Rng } from "../../core/math/index.ts";
import { rgbaImage } from "../../media/image/index.ts";
import { type Frame, writeMp4 } from "../../media/video/index.ts";
import { userMessage, type VideoPart } from "../message.ts";
import { patiently, type RetryOptions } from "../middleware/retry.ts";
import { RequestError } from "../request-error.ts";
import type { EndpointClient } from "./client.ts";
import type { Media, ShapeName } from "./shape.ts";
import { shapes } from "./shapes.ts";

/** Times as text before frames come first: nothing that a server ignores can make them wrong. */
const preferred: Readonly<Record<string, readonly ShapeName[]>> = {
  vllm: ["frames", "frames-metadata", "video-url"],
  sglang: ["frames", "sglang"],
  llamacpp: ["frames", "llama-server"],
  google: ["gemini"],
};
const otherwise: readonly ShapeName[] = ["frames", "frames-metadata", "video-url", "llama-server"];

export type DetectOptions = Readonly<{
  media: Media;
  /** As the server's list of models names who serves. */
  owner: string | null;
  retry: Pick<RetryOptions, "wait" | "onRetry">;
  signal?: AbortSignal;
}>;

/**
 * The first shape that is answered, as a list; empty where every one is refused, as models do that take no pictures. Throws the
 * last error where the server fails.
 */
export async function detectShapes(
  client: EndpointClient,
  { media, owner, retry, signal }: DetectOptions,
): Promise<ShapeName[]> {
  const video = await tinyVideo();
  const question = [userMessage("Answer with one word: which colour is this?", video)];
  const control = { maxNewTokens: 1, ...(signal && { signal }) };
  const rng = new Rng(`detect/${process.pid}`);
  let failure: unknown = null;
  for (const name of preferred[owner ?? ""] ?? otherwise) {
    try {
      const body = await shapes[name].body(question, media);
      await patiently(() => client.ask(body, control), { rng, ...retry, attempts: 3, signal });
      return [name];
    } catch (error) {
      if (!(error instanceof RequestError) || (error.fault !== "refused" && error.fault !== "failed")) throw error;
      if (error.fault === "failed") failure = error;
    }
  }
  if (failure) throw failure;
  return [];
}

/** Four frames in one second, large enough for every vision tower. */
async function tinyVideo(): Promise<VideoPart> {
  const image = rgbaImage(112, 112);
  for (let i = 0; i < image.data.length; i += 4) image.data.set([200, 30, 30, 255], i);
  const frames = Array.from({ length: 4 }, (_, index): Frame => ({ image, time: index / 4, index }));
  const folder = await mkdtemp(join(tmpdir(), "zoetrope-shape-"));
  try {
    const path = join(folder, "tiny.mp4");
    await writeMp4(
      path,
      frames.map((frame) => frame.image),
      { fps: 4 },
    );
    return { type: "video", bytes: await readFile(path), frames, duration: 1, frameCount: 4 };
  } finally {
    await rm(folder, { recursive: true });
  }
}
