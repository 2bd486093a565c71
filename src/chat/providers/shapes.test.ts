import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { decodeImage, rgbaImage } from "../../media/image/index.ts";
import type { Frame } from "../../media/video/index.ts";
import { type Message, userMessage, type VideoPart } from "../message.ts";
import { frameMetadata } from "./frames-metadata.ts";
import { openMedia, videoType } from "./media.ts";
import { type Media, timeDecimals } from "./shape.ts";
import { shapes } from "./shapes.ts";

/** Pictures are told by their width; a file's content is the word FILE. */
const media: Media = {
  picture: async ({ width }) => ({ base64: `f${width}`, type: "image/jpeg" }),
  file: async () => ({ base64: "RklMRQ==", type: "video/mp4" }),
  url: async () => "data:video/mp4;base64,RklMRQ==",
};
const frame = (time: number, index: number, width: number): Frame => ({ image: rgbaImage(width, 2), time, index });
const frames = [frame(0, 0, 1), frame(2.002, 60, 2), frame(4.004, 120, 3)];
/** 900 frames in 30.03 s: 29.97 a second. */
const video: VideoPart = { type: "video", path: "v.mp4", frames, duration: 30.03, frameCount: 900 };
const question = [userMessage("When?", video)];
const jpeg = (n: number) => ({ type: "image_url", image_url: { url: `data:image/jpeg;base64,f${n}` } });
const text = (words: string) => ({ type: "text", text: words });

test("frames: every frame behind its time as text (oracle: peers.md A.5 (1), by hand)", async () => {
  const content = [
    text("<0.0 seconds>"),
    jpeg(1),
    text("<2.0 seconds>"),
    jpeg(2),
    text("<4.0 seconds>"),
    jpeg(3),
    text("When?"),
  ];
  expect(await shapes.frames.body(question, media)).toEqual({ messages: [{ role: "user", content }] });
  // The same frames as pictures are the same request.
  expect(await shapes.frames.body([userMessage("When?", frames)], media)).toEqual({
    messages: [{ role: "user", content }],
  });
});

test("frames in another order are told the clock of their places, by every shape that sends frames", async () => {
  const reversed: VideoPart = {
    type: "video",
    frames: [...frames].reverse(),
    toldTimes: frames.map(({ time }) => time),
    duration: 30.03,
    frameCount: 900,
  };
  const body = await shapes.frames.body([userMessage("?", reversed)], media);
  expect(body).toHaveProperty("messages.0.content", [
    text("<0.0 seconds>"),
    jpeg(3),
    text("<2.0 seconds>"),
    jpeg(2),
    text("<4.0 seconds>"),
    jpeg(1),
    text("?"),
  ]);
  const { fps, frames_indices } = frameMetadata(reversed);
  expect(frames_indices.map((index) => index / fps)).toEqual([0, 2.002, 4.004]);
});

test("frames closer together than a tenth of a second get as many decimals as tell them apart", () => {
  expect(timeDecimals([0, 0.5, 1])).toBe(1);
  expect(timeDecimals([0, 0.04, 0.08])).toBe(2);
  expect(timeDecimals([0, 1 / 120, 2 / 120])).toBe(3);
  expect(timeDecimals([3])).toBe(1);
});

test("turns without pictures are plain text", async () => {
  const conversation: Message[] = [
    { role: "system", content: [{ type: "text", text: "Be brief." }] },
    ...question,
    { role: "assistant", content: [{ type: "text", text: "At 2 s." }] },
    userMessage("Sure?"),
  ];
  const { messages } = (await shapes.sglang.body(conversation, media)) as { messages: unknown[] };
  expect(messages[0]).toEqual({ role: "system", content: "Be brief." });
  expect(messages.slice(2)).toEqual([
    { role: "assistant", content: "At 2 s." },
    { role: "user", content: "Sure?" },
  ]);
});

test("video-url: file and rate (oracle: peers.md A.5 (2), by hand)", async () => {
  const asked = [userMessage("When?", { ...video, fps: 2 })];
  expect(await shapes["video-url"].body(asked, media)).toEqual({
    messages: [
      {
        role: "user",
        content: [{ type: "video_url", video_url: { url: "data:video/mp4;base64,RklMRQ==" } }, text("When?")],
      },
    ],
    mm_processor_kwargs: { fps: 2, do_sample_frames: true },
    media_io_kwargs: { video: { fps: 2, num_frames: -1 } },
  });
});

test("video-url: without a rate the one that gives as many frames is asked for; of unknown length none", async () => {
  const rateOf = async (part: VideoPart) =>
    (await shapes["video-url"].body([userMessage("?", part)], media)).media_io_kwargs;
  // 3 frames of 30.03 s.
  expect(await rateOf(video)).toEqual({ video: { fps: 0.0999001, num_frames: -1 } });
  expect(await rateOf({ type: "video", path: "v.mp4", frames })).toBeUndefined();
});

test("frames-metadata: one video of JPEGs with its own clock (oracle: peers.md A.5 (3), by hand)", async () => {
  expect(await shapes["frames-metadata"].body(question, media)).toEqual({
    messages: [
      {
        role: "user",
        content: [{ type: "video_url", video_url: { url: "data:video/jpeg;base64,f1,f2,f3" } }, text("When?")],
      },
    ],
    media_io_kwargs: {
      video: {
        fps: 900 / 30.03,
        frames_indices: [0, 60, 120],
        total_num_frames: 900,
        duration: 30.03,
        do_sample_frames: false,
      },
    },
  });
});

test("frames-metadata: index / fps is each frame's own time, at a constant and at a variable rate", () => {
  const uneven = [frame(0, 0, 1), frame(0.5, 15, 2), frame(9.25, 20, 3)];
  for (const part of [video, { ...video, frames: uneven, frameCount: 25, duration: 10 }]) {
    const { fps, frames_indices, total_num_frames, duration } = frameMetadata(part);
    const times = frames_indices.map((index) => index / fps);
    times.forEach((time, i) => {
      expect(time).toBeCloseTo(part.frames[i]?.time as number, 2);
    });
    expect(total_num_frames / fps).toBeCloseTo(duration, 2);
    expect(total_num_frames).toBeGreaterThan(Math.max(...frames_indices));
  }
  expect(frameMetadata({ ...video, frames: uneven, frameCount: 25, duration: 10 }).fps).toBe(1000);
});

test("frames-metadata: pictures in a row are one video, one alone stays a picture, two videos are refused", async () => {
  const shape = shapes["frames-metadata"];
  const several = (await shape.body([userMessage("?", frames)], media)) as { messages: { content: unknown[] }[] };
  expect(several.messages[0]?.content).toHaveLength(2);
  expect(several).toHaveProperty("media_io_kwargs.video.frames_indices", [0, 2002, 4004]);
  expect(await shape.body([userMessage("?", frames.slice(0, 1))], media)).toEqual({
    messages: [{ role: "user", content: [jpeg(1), text("?")] }],
  });
  expect(shape.objection([...question, ...question])).toMatch(/one video/);
  expect(shape.objection(question)).toBeNull();
});

test("sglang: the file alone (oracle: peers.md A.5 (4), by hand)", async () => {
  const url = "data:video/mp4;base64,RklMRQ==";
  expect(await shapes.sglang.body(question, media)).toEqual({
    messages: [{ role: "user", content: [{ type: "video_url", video_url: { url } }, text("When?")] }],
  });
});

test("llama-server: raw base64 without a prefix (oracle: peers.md A.5 (5), by hand)", async () => {
  expect(await shapes["llama-server"].body(question, media)).toEqual({
    messages: [{ role: "user", content: [{ type: "input_video", input_video: { data: "RklMRQ==" } }, text("When?")] }],
  });
});

test("gemini: parts with rate and offsets (oracle: peers.md A.5 (6), by hand)", async () => {
  const system: Message = { role: "system", content: [{ type: "text", text: "Be brief." }] };
  const part = { ...video, fps: 2, span: { start: 10, end: 20.5 } };
  expect(await shapes.gemini.body([system, userMessage("When?", part)], media)).toEqual({
    systemInstruction: { parts: [{ text: "Be brief." }] },
    contents: [
      {
        role: "user",
        parts: [
          {
            inlineData: { mimeType: "video/mp4", data: "RklMRQ==" },
            videoMetadata: { fps: 2, startOffset: "10s", endOffset: "20.5s" },
          },
          { text: "When?" },
        ],
      },
    ],
  });
  const far = [userMessage("?", { ...video, path: "https://x.org/v.mp4", fps: 60 })];
  expect(await shapes.gemini.body(far, media)).toHaveProperty("contents.0.parts.0", {
    fileData: { fileUri: "https://x.org/v.mp4" },
    videoMetadata: { fps: 24 },
  });
  expect(await shapes.gemini.body([userMessage("?", frames.slice(1, 2))], media)).toHaveProperty("contents.0.parts", [
    { text: "<2.0 seconds>" },
    { inlineData: { mimeType: "image/jpeg", data: "f2" } },
    { text: "?" },
  ]);
});

test("shapes that send files say what they cannot send; shapes that send frames take everything", () => {
  const drawn = [userMessage("?", { type: "video", frames, duration: 30.03, frameCount: 900 })];
  const part = [userMessage("?", { ...video, span: { start: 5, end: 6 } })];
  const whole = [userMessage("?", { ...video, span: { start: 0, end: 30.03 } })];
  const pictures = [userMessage("?", frames)];
  for (const name of ["video-url", "sglang", "llama-server"] as const) {
    expect(shapes[name].objection(drawn)).toMatch(/sends files/);
    expect(shapes[name].objection(pictures)).toMatch(/single frames/);
    expect(shapes[name].objection(part)).toMatch(/whole files/);
    for (const fine of [whole, question, [userMessage("?")], [userMessage("?", frames.slice(0, 1))]])
      expect(shapes[name].objection(fine)).toBeNull();
  }
  expect(shapes.gemini.objection(part)).toBeNull();
  expect(shapes.gemini.objection(drawn)).toMatch(/sends files/);
  for (const each of [drawn, part, pictures]) expect(shapes.frames.objection(each)).toBeNull();
});

const folder = mkdtempSync(join(tmpdir(), "zoetrope-media-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("media: a picture is the JPEG that it decodes to, a file goes as it is or by its address", async () => {
  const path = join(folder, "clip.mp4");
  writeFileSync(path, Buffer.from("\0\0\0\x20ftypisom content"));
  const part: VideoPart = { type: "video", path, frames: [] };
  const real = openMedia();
  const grey = rgbaImage(16, 8);
  grey.data.fill(128);
  const decoded = await decodeImage(Buffer.from((await real.picture(grey)).base64, "base64"));
  expect([decoded.width, decoded.height]).toEqual([16, 8]);
  expect(Math.abs((decoded.data[0] as number) - 128)).toBeLessThan(3);
  const kept = await openMedia({ lossless: true }).picture(grey);
  expect(kept.type).toBe("image/png");
  expect(await decodeImage(Buffer.from(kept.base64, "base64"))).toEqual(grey);
  const base64 = Buffer.from("\0\0\0\x20ftypisom content").toString("base64");
  expect(await real.file(part)).toEqual({ base64, type: "video/mp4" });
  expect(await real.url(part)).toBe(`data:video/mp4;base64,${base64}`);
  expect(await real.url({ ...part, path: "https://x.org/v.mp4" })).toBe("https://x.org/v.mp4");
  expect(await openMedia({ localFiles: "file" }).url(part)).toBe(pathToFileURL(path).href);
  expect(
    await real.file({ type: "video", bytes: Buffer.from("\x1a\x45\xdf\xa3..webm", "latin1"), frames: [] }),
  ).toMatchObject({
    type: "video/webm",
  });
  await expect(real.file({ ...part, path: "https://x.org/v.mp4" })).rejects.toThrow(/Download it first/);
});

test("the kind of a file is told by its first bytes (oracle: magic numbers of the formats)", () => {
  const of = (head: string) => videoType(Buffer.from(head, "latin1"));
  expect(of("\0\0\0\x14ftypqt  ")).toBe("video/quicktime");
  expect(of("\x1a\x45\xdf\xa3.....matroska")).toBe("video/x-matroska");
  expect(of("RIFF1234AVI LIST")).toBe("video/x-msvideo");
  expect(of("")).toBe("video/mp4");
});
