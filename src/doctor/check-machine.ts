/**
 * What this machine has of what zoetrope needs, found by trying: a film is written and read back, a shipped model answers.
 */
import { accessSync, constants, mkdirSync, statfsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, cpus, freemem, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { openLocalModel, shippedModels, userCacheFolder, userMessage } from "../chat/index.ts";
import { packageFolder, parseJsonFile } from "../core/files/index.ts";
import { decodeImage, encodeJpeg } from "../media/image/index.ts";
import { decodableCodecs, decoderName, openVideo, writeMp4 } from "../media/video/index.ts";
import { requireDevice } from "../nn/runtime/index.ts";
import { renderFrame } from "../world/index.ts";
import { clipScript, clipSize } from "./clock-clip.ts";

/** "fault": something will not work; "note": worth knowing. `remedy` says what to do. */
export type Finding = Readonly<{ name: string; status: "ok" | "note" | "fault"; detail: string; remedy?: string }>;

const gibibyte = 2 ** 30;
/** What a 7-billion-parameter checkpoint in 16 bits takes, and then some. */
const roomyMemory = 16 * gibibyte;
const littleDisk = 2 * gibibyte;

export type CheckMachineOptions = Readonly<{ environment?: Readonly<Record<string, string | undefined>> }>;

/** Every check in order; a check that throws is a fault with its message. */
export async function checkMachine({ environment = process.env }: CheckMachineOptions = {}): Promise<Finding[]> {
  const checks: readonly (readonly [string, () => Finding | Promise<Finding>])[] = [
    ["node", checkNode],
    ["processor", checkProcessor],
    ["memory", checkMemory],
    ["disk", checkDisk],
    ["pictures", checkPictures],
    ["video", checkVideo],
    ["codecs", checkCodecs],
    ["model", checkModel],
    ["gpu", checkGpu],
    ["cache", () => checkCache(environment)],
    ["keys", () => checkKeys(environment)],
  ];
  const findings: Finding[] = [];
  for (const [name, check] of checks) {
    try {
      findings.push(await check());
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      findings.push({
        name,
        status: "fault",
        detail,
        remedy: "Install the package again with npm ci, and without --no-optional.",
      });
    }
  }
  return findings;
}

function checkNode(): Finding {
  const { engines } = parseJsonFile(join(packageFolder(), "package.json")) as { engines: { node: string } };
  const [major = 0, minor = 0] = engines.node
    .replace(/[^\d.]/g, "")
    .split(".")
    .map(Number);
  const [ownMajor = 0, ownMinor = 0] = process.versions.node.split(".").map(Number);
  const isNew = ownMajor > major || (ownMajor === major && ownMinor >= minor);
  const detail = `Node ${process.versions.node} on ${process.platform} ${process.arch}`;
  if (isNew) return { name: "node", status: "ok", detail };
  return { name: "node", status: "fault", detail, remedy: `Install Node ${engines.node}.` };
}

function checkProcessor(): Finding {
  const [first] = cpus();
  const model = first?.model.trim() || "unknown processor";
  return { name: "processor", status: "ok", detail: `${model}, ${availableParallelism()} threads` };
}

function checkMemory(): Finding {
  const [total, free] = [totalmem(), freemem()];
  const detail = `${inGibibytes(total)}, ${inGibibytes(free)} free`;
  if (total >= roomyMemory) return { name: "memory", status: "ok", detail };
  return {
    name: "memory",
    status: "note",
    detail,
    remedy: "Checkpoints of 7 billion parameters need 16 GiB and more.",
  };
}

function checkDisk(): Finding {
  const { bavail, bsize } = statfsSync(process.cwd());
  const free = bavail * bsize;
  const detail = `${inGibibytes(free)} free in ${process.cwd()}`;
  if (free >= littleDisk) return { name: "disk", status: "ok", detail };
  return {
    name: "disk",
    status: "note",
    detail,
    remedy: "Runs and synthesised videos are written here; free some space.",
  };
}

async function checkPictures(): Promise<Finding> {
  const picture = renderFrame(clipScript, 5, clipSize);
  const { width, height } = await decodeImage(await encodeJpeg(picture));
  if (width !== clipSize.width || height !== clipSize.height)
    throw new Error(`A picture of ${clipSize.width}x${clipSize.height} came back as ${width}x${height}.`);
  return { name: "pictures", status: "ok", detail: `sharp ${versionOf("sharp")} writes and reads JPEG` };
}

async function checkVideo(): Promise<Finding> {
  const folder = await mkdtemp(join(tmpdir(), "zoetrope-doctor-"));
  try {
    const path = join(folder, "clip.mp4");
    const times = [0, 0.04, 0.5, 1.25, 2];
    const started = performance.now();
    await writeMp4(
      path,
      times.map((time) => renderFrame(clipScript, time, clipSize)),
      { fps: 25, timestamps: times },
    );
    await using video = await openVideo(path);
    const read: number[] = [];
    for await (const { time } of video.frames()) read.push(time);
    const spent = performance.now() - started;
    if (times.some((time, i) => Math.abs(time - (read[i] ?? Number.NaN)) > 0.002) || read.length !== times.length)
      throw new Error(`Frames written at ${times.join(", ")} s were read back at ${read.join(", ")} s.`);
    const detail = `${decoderName()}: H.264 of a variable rate written and read back at its own times in ${Math.round(spent)} ms`;
    return { name: "video", status: "ok", detail };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkCodecs(): Promise<Finding> {
  const codecs = await decodableCodecs();
  const missing = ["avc", "hevc", "vp9", "av1"].filter((codec) => !codecs.includes(codec));
  const detail = `decodes ${codecs.join(", ")}`;
  if (missing.length === 0) return { name: "codecs", status: "ok", detail };
  return {
    name: "codecs",
    status: "note",
    detail,
    remedy: `Convert ${missing.join(", ")} files to H.264 before you use them.`,
  };
}

async function checkModel(): Promise<Finding> {
  const [name] = shippedModels();
  if (name === undefined)
    return {
      name: "model",
      status: "note",
      detail: "no shipped model",
      remedy: "Pass a checkpoint folder or an endpoint with --model.",
    };
  const model = openLocalModel(name);
  try {
    const frame = { image: renderFrame(clipScript, 5, { width: 64, height: 64 }), time: 5, index: 50 };
    const started = performance.now();
    const { newTokens } = await model.generate([userMessage("What color is the circle?", [frame])], {
      maxNewTokens: 8,
    });
    const spent = performance.now() - started;
    const detail = `${name} answers with ONNX Runtime ${versionOf("onnxruntime-node")}: ${newTokens} tokens in ${Math.round(spent)} ms`;
    return { name: "model", status: "ok", detail };
  } finally {
    await model.dispose();
  }
}

/** None is needed, so that none is no fault. */
async function checkGpu(): Promise<Finding> {
  try {
    await requireDevice("webgpu");
    return { name: "gpu", status: "ok", detail: "WebGPU computes: --device webgpu" };
  } catch (error) {
    const [detail = "", ...remedy] = (error as Error).message.split(/(?<=\.) (?=[A-Z])/);
    return { name: "gpu", status: "note", detail: detail.replace(/\.$/, ""), remedy: remedy.join(" ") };
  }
}

function checkCache(environment: Readonly<Record<string, string | undefined>>): Finding {
  const folder = userCacheFolder(environment);
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return { name: "cache", status: "ok", detail: `replies of endpoints are kept in ${folder}` };
  } catch {
    return {
      name: "cache",
      status: "note",
      detail: `${folder} cannot be written`,
      remedy: "Set ZOETROPE_CACHE to another folder, or pass --no-cache.",
    };
  }
}

/** Which keys are there, never what they are. */
function checkKeys(environment: Readonly<Record<string, string | undefined>>): Finding {
  const names = ["OPENAI_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY", "ZOETROPE_API_KEY"];
  const found = names.filter((name) => (environment[name] ?? "") !== "");
  if (found.length > 0) return { name: "keys", status: "ok", detail: `set: ${found.join(", ")}` };
  return {
    name: "keys",
    status: "note",
    detail: `none of ${names.join(", ")} is set`,
    remedy: "Services need one; servers of your own need none.",
  };
}

function versionOf(name: string): string {
  const { dependencies } = parseJsonFile(join(packageFolder(), "package.json")) as {
    dependencies: Readonly<Record<string, string>>;
  };
  return dependencies[name] ?? "?";
}

function inGibibytes(bytes: number): string {
  return `${(bytes / gibibyte).toFixed(1)} GiB`;
}
