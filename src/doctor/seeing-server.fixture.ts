/**
 * A server with eyes for the doctor's films: it looks at the pictures or decodes the file that a request holds, and answers when
 * each colour first appears, by a clock that is right or wrong as told.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeImage, type RgbaImage } from "../media/image/index.ts";
import { atRate, sampleFrames } from "../media/sampling/index.ts";
import { openVideo } from "../media/video/index.ts";

/** How the server goes wrong; none of it: right. */
export type Clock = Readonly<{
  /** Kinds of parts that are taken; others are refused with 400. Default: all. */
  takes?: readonly ("image_url" | "video_url" | "input_video" | "video/jpeg")[];
  /** Times of files are told as so many times what they are. */
  stretch?: number;
  /** Times of files are computed as index / average rate. */
  countsFrames?: boolean;
  /** Files are sampled at this rate whatever the request says. */
  ownRate?: number;
  /** Files are looked at up to this second only. */
  upTo?: number;
  /** The model sees nothing at all. */
  isBlind?: boolean;
}>;

type Part = Readonly<{
  type: string;
  text?: string;
  image_url?: { url: string };
  video_url?: { url: string };
  input_video?: { data: string };
}>;
type Body = Readonly<{
  messages: readonly { content: string | readonly Part[] }[];
  media_io_kwargs?: { video: { fps: number; frames_indices?: number[]; duration?: number } };
}>;
type Seen = Readonly<{ told: number; time: number; colour: string | null }>;
type Look = Readonly<{ seen: readonly Seen[]; duration: number }>;

export type SeeingServer = AsyncDisposable & Readonly<{ url: string; asked: () => number }>;

export async function seeingServer(clock: Clock = {}): Promise<SeeingServer> {
  const folder = mkdtempSync(join(tmpdir(), "zoetrope-seeing-"));
  let asked = 0;
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const send = (status: number, value: unknown) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(value));
    };
    if (request.method === "GET") return send(200, { data: [{ id: "seer", owned_by: "vllm", max_model_len: 8192 }] });
    asked++;
    try {
      const body = JSON.parse(text) as Body;
      const parts = body.messages.flatMap(({ content }) => (typeof content === "string" ? [] : [...content]));
      const refused = parts.find(
        (part) => kindOf(part) !== null && !(clock.takes ?? [kindOf(part)]).includes(kindOf(part) as never),
      );
      if (refused) return send(400, { error: { message: `Unknown part type: ${refused.type}` } });
      const look = await lookAt(parts, body, { clock, folder });
      const content = clock.isBlind ? "I cannot tell." : answer(parts.at(-1)?.text ?? "", look);
      const choice = { index: 0, message: { role: "assistant", content }, finish_reason: "stop" };
      send(200, { choices: [choice], usage: { prompt_tokens: 30 + 50 * look.seen.length, completion_tokens: 5 } });
    } catch (error) {
      send(500, { error: { message: String(error) } });
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked: () => asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function kindOf({ type, video_url }: Part): string | null {
  if (type === "text") return null;
  return video_url?.url.startsWith("data:video/jpeg") ? "video/jpeg" : type;
}

async function lookAt(
  parts: readonly Part[],
  body: Body,
  at: Readonly<{ clock: Clock; folder: string }>,
): Promise<Look> {
  const file = parts.find(({ type }) => type === "video_url" || type === "input_video");
  if (!file) return lookAtPictures(parts);
  const { url = "" } = file.video_url ?? {};
  if (url.startsWith("data:video/jpeg")) return lookAtCutFrames(url, body);
  return lookAtFile(file.input_video?.data ?? url.replace(/^data:[^,]*,/, ""), body, at);
}

/** Every picture at the time that stands before it. */
async function lookAtPictures(parts: readonly Part[]): Promise<Look> {
  const seen: Seen[] = [];
  for (const [i, part] of parts.entries()) {
    if (part.type !== "image_url") continue;
    const told = Number(/<([\d.]+) seconds>/.exec(parts[i - 1]?.text ?? "")?.[1]);
    const image = await decodeImage(Buffer.from((part.image_url?.url ?? "").replace(/^data:[^,]*,/, ""), "base64"));
    seen.push({ told, time: told, colour: colourOf(image) });
  }
  const step = (seen[1]?.told ?? 1) - (seen[0]?.told ?? 0);
  return { seen, duration: (seen.at(-1)?.told ?? 0) + step };
}

/** Frames at index / fps, as vLLM computes it. */
async function lookAtCutFrames(url: string, { media_io_kwargs }: Body): Promise<Look> {
  const { fps = 1, frames_indices = [], duration = 0 } = media_io_kwargs?.video ?? {};
  const pictures = url.slice("data:video/jpeg;base64,".length).split(",");
  const seen = pictures.map(async (data, i): Promise<Seen> => {
    const told = (frames_indices[i] ?? i) / fps;
    return { told, time: told, colour: colourOf(await decodeImage(Buffer.from(data, "base64"))) };
  });
  return { seen: await Promise.all(seen), duration };
}

async function lookAtFile(
  base64: string,
  body: Body,
  { clock, folder }: Readonly<{ clock: Clock; folder: string }>,
): Promise<Look> {
  const fps = clock.ownRate ?? body.media_io_kwargs?.video.fps ?? 1;
  const key = `${fps} ${base64}`;
  const video = watched.get(key) ?? (await watch(base64, fps, folder));
  watched.set(key, video);
  const { frames } = video;
  const average = video.frameCount / video.duration;
  const { stretch = 1, countsFrames = false, upTo = Number.POSITIVE_INFINITY } = clock;
  const seen = frames
    .filter(({ time }) => time <= upTo)
    .map(({ colour, time, index }) => {
      return { told: stretch * (countsFrames ? index / average : time), time, colour };
    });
  return { seen, duration: stretch * Math.min(video.duration, upTo) };
}

type Watched = Readonly<{
  frames: readonly Readonly<{ time: number; index: number; colour: string | null }>[];
  duration: number;
  frameCount: number;
}>;

/** By rate and content: the films of all tests are the same. */
const watched = new Map<string, Watched>();

async function watch(base64: string, fps: number, folder: string): Promise<Watched> {
  const path = join(folder, "seen.mp4");
  writeFileSync(path, Buffer.from(base64, "base64"));
  await using video = await openVideo(path);
  const frames = await sampleFrames(video, atRate(fps), 1000);
  const { duration, frameCount } = video;
  return {
    frames: frames.map(({ time, index, image }) => ({ time, index, colour: colourOf(image) })),
    duration,
    frameCount,
  };
}

/** The strongest channel of the middle, where one stands out. */
function colourOf({ width, height, data }: RgbaImage): string | null {
  const at = 4 * ((height >> 1) * width + (width >> 1));
  const channels = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
  const [most = 0, next = 0] = [...channels].sort((a, b) => b - a);
  return most - next < 50 ? null : (["red", "green", "blue"][channels.indexOf(most)] ?? null);
}

function answer(question: string, { seen, duration }: Look): string {
  if (question.startsWith("How long")) return `The video is ${duration.toFixed(1)} seconds long.`;
  if (question.startsWith("A clock")) return `00:${String(Math.floor(seen.at(-1)?.time ?? 0)).padStart(2, "0")}`;
  const first = (colour: string) => seen.find((each) => each.colour === colour)?.told;
  return ["red", "blue", "green"].map((colour) => first(colour)?.toFixed(1) ?? "never").join(", ");
}
