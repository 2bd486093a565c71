/** Bodies as clients send them; the shapes are those of the servers named in content-parts.ts. */
import { expect, test } from "vitest";
import { ApiError } from "./api-error.ts";
import { parseChatRequest } from "./chat-request.ts";
import { defaultLimits } from "./limits.ts";

const byDefault = { frames: 8 };
const parse = (body: unknown) => parseChatRequest(body, { limits: defaultLimits, byDefault });
const say = (content: unknown, more: object = {}) => ({ model: "m", messages: [{ role: "user", content }], ...more });
const partsOf = (content: unknown, more?: object) => parse(say(content, more)).messages[0]?.content;
const text = { type: "text", text: "When?" };
const jpeg = "data:image/jpeg;base64,/9j/";
const url = "https://example.org/clip.mp4";

function refusal(body: unknown): ApiError {
  try {
    parse(body);
  } catch (error) {
    expect(error).toBeInstanceOf(ApiError);
    return error as ApiError;
  }
  throw new Error(`parsed: ${JSON.stringify(body)}`);
}

test("a plain question takes the server's own settings, greedy ones", () => {
  expect(parse(say("hello"))).toEqual({
    model: "m",
    messages: [{ role: "user", content: [{ type: "text", text: "hello" }] }],
    options: { maxNewTokens: null, temperature: 0, topP: 1, seed: null, stop: [], logProbabilities: null },
    stream: false,
    includeUsage: false,
    form: null,
  });
});

test("settings are read under all their names; null is as good as nothing, and unknown fields are ignored", () => {
  const more = { max_completion_tokens: 7, max_tokens: 9, temperature: 0.5, top_p: 0.9, seed: 3, stop: ["", "x"] };
  const stream = { stream: true, stream_options: { include_usage: true }, logprobs: true, top_logprobs: 2 };
  const { options, ...rest } = parse(say("?", { ...more, ...stream, user: "me", store: true, n: 1, tools: [] }));
  expect(options).toEqual({ maxNewTokens: 7, temperature: 0.5, topP: 0.9, seed: 3, stop: ["x"], logProbabilities: 2 });
  expect(rest).toMatchObject({ stream: true, includeUsage: true });
  expect(
    parse(say("?", { max_tokens: null, temperature: null, stop: null, n: null, response_format: null })).options,
  ).toEqual(parse(say("?")).options);
});

test("developers speak as the system, and an assistant may have said nothing", () => {
  const messages = [
    { role: "developer", content: "Be brief." },
    { role: "assistant", content: null },
    { role: "user", content: "Hi" },
  ];
  expect(parse({ model: "m", messages }).messages.map(({ role, content }) => [role, content.length])).toEqual([
    ["system", 1],
    ["assistant", 0],
    ["user", 1],
  ]);
});

test("times before pictures make a video of those that follow each other; before anything else they are text", () => {
  const [picture, other] = [jpeg, "data:image/png;base64,BBBB"].map((url) => ({
    type: "image_url",
    image_url: { url },
  }));
  const at = (time: string) => ({ type: "text", text: time });
  const first = [at("<0.5 seconds>"), picture, at("<1.25s>\n"), other];
  const parts = partsOf([
    ...first,
    picture,
    at("<7 seconds>"),
    picture,
    text,
    at("<8.5 seconds>"),
    other,
    at("<9 seconds>"),
    text,
  ]);
  expect(
    parts?.map((part) => (part.type === "frames" ? part.cut.times : part.type === "text" ? part.text : part.type)),
  ).toEqual([[0.5, 1.25], "picture", [7], "When?", [8.5], "<9 seconds>", "When?"]);
  const [video] = parts ?? [];
  expect(video?.type === "frames" && video.pictures.map(({ source }) => source)).toEqual([
    { kind: "base64", data: "/9j/" },
    { kind: "base64", data: "BBBB" },
  ]);
});

test.each<[string, unknown, object, object]>([
  [
    "vLLM",
    { type: "video_url", video_url: { url } },
    { media_io_kwargs: { video: { fps: 2, num_frames: -1 } } },
    { fps: 2 },
  ],
  [
    "vLLM, a number",
    { type: "video_url", video_url: { url } },
    { media_io_kwargs: { video: { num_frames: 16 } } },
    { frames: 16 },
  ],
  [
    "vLLM, both",
    { type: "video_url", video_url: { url } },
    { media_io_kwargs: { video: { fps: 1, num_frames: 9 } } },
    { fps: 1, frames: 9 },
  ],
  [
    "vLLM, indices",
    { type: "video_url", video_url: { url } },
    { media_io_kwargs: { video: { frame_indices: [3, 1] } } },
    { indices: [3, 1] },
  ],
  [
    "Qwen's processor",
    { type: "video_url", video_url: { url } },
    { mm_processor_kwargs: { fps: [0.5], do_sample_frames: true } },
    { fps: 0.5 },
  ],
  ["SGLang", { type: "video_url", video_url: url }, {}, byDefault],
  [
    "qwen-vl-utils",
    { type: "video", video: url, fps: 2, max_frames: 5, video_start: 1, video_end: 3 },
    {},
    { fps: 2, frames: 5, span: { start: 1, end: 3 } },
  ],
  [
    "qwen-vl-utils, a number",
    { type: "video", video: url, nframes: 4 },
    { mm_processor_kwargs: { fps: 9 } },
    { frames: 4 },
  ],
  [
    "Gemini, fileData",
    { fileData: { fileUri: url }, videoMetadata: { fps: 3, startOffset: "1.5s", endOffset: "4s" } },
    {},
    { fps: 3, span: { start: 1.5, end: 4 } },
  ],
  [
    "Gemini, in its other spelling",
    { file_data: { file_uri: url }, video_metadata: { end_offset: "4s" } },
    {},
    { frames: 8, span: { start: 0, end: 4 } },
  ],
])("a video as %s sends it", (_, part, more, wish) => {
  expect(partsOf([part, text], more)?.[0]).toMatchObject({ type: "video", source: { kind: "url", url }, wish });
});

test("a video in the request comes as a data URL, as llama-server's raw base64 or as Gemini's inlineData", () => {
  const source = { kind: "base64", data: "AAAA" };
  for (const part of [
    { type: "video_url", video_url: { url: "data:video/mp4;base64,AAAA" } },
    { type: "video_url", video_url: { url: "data:application/octet-stream;base64,AAAA" } },
    { type: "input_video", input_video: { data: "AAAA" } },
    { inlineData: { mimeType: "video/mp4", data: "AAAA" } },
  ])
    expect(partsOf([part])?.[0]).toMatchObject({ type: "video", source, wish: byDefault });
  expect(partsOf([{ inlineData: { mimeType: "image/png", data: "AAAA" } }])?.[0]).toMatchObject({
    type: "picture",
    source,
  });
  expect(partsOf([{ text: "hi" }])).toEqual([{ type: "text", text: "hi" }]);
});

test("frames that the client cut have the times of their indices, their own, or their order's", () => {
  const part = { type: "video_url", video_url: { url: "data:video/jpeg;base64,AAAA,BBBB,CCCC" } };
  const cut = (video: object) => {
    const [frames] = partsOf([part], { media_io_kwargs: { video } }) ?? [];
    return frames?.type === "frames" ? frames.cut : null;
  };
  const metadata = {
    fps: 25,
    frames_indices: [0, 50, 100],
    total_num_frames: 300,
    duration: 12,
    do_sample_frames: false,
  };
  expect(cut(metadata)).toEqual({ times: [0, 2, 4], indices: [0, 50, 100], duration: 12 });
  expect(cut({ ...metadata, frame_times: [0, 2.04, 4.04] })?.times).toEqual([0, 2.04, 4.04]);
  expect(cut({ fps: 2 })).toEqual({ times: [0, 0.5, 1], indices: [0, 1, 2], duration: null });
  expect(cut({})?.times).toEqual([0, 1, 2]);
  const wrong = refusal(say([part], { media_io_kwargs: { video: { ...metadata, frames_indices: [0, 50] } } }));
  expect(wrong).toMatchObject({ status: 400, param: "media_io_kwargs.video.frames_indices" });
  expect(wrong.message).toMatch(/each of the 3 frames.*got 2/);
  const list = partsOf([{ type: "video", video: [jpeg, jpeg], sample_fps: 4 }])?.[0];
  expect(list).toMatchObject({ type: "frames", cut: { times: [0, 0.25] } });
});

test.each<[string, unknown, string]>([
  ["nothing", undefined, "body"],
  ["a list", [], "body"],
  ["no model", { messages: [{ role: "user", content: "x" }] }, "model"],
  ["no messages", { model: "m", messages: [] }, "messages"],
  ["messages of no object", { model: "m", messages: ["x"] }, "messages[0]"],
  ["no content", say(undefined), "messages[0].content"],
  ["a number as content", say(3), "messages[0].content"],
  ["a tool's message", { model: "m", messages: [{ role: "tool", content: "x" }] }, "messages[0].role"],
  ["sound", say([{ type: "input_audio", input_audio: {} }]), "messages[0].content[0].type"],
  ["a text of no text", say([{ type: "text" }]), "messages[0].content[0].text"],
  ["a part of nothing", say([{}]), "messages[0].content[0]"],
  ["a picture of no address", say([{ type: "image_url", image_url: {} }]), "messages[0].content[0].image_url"],
  ["a path", say([{ type: "image_url", image_url: { url: "/etc/passwd" } }]), "messages[0].content[0].image_url.url"],
  ["ftp", say([{ type: "video_url", video_url: { url: "ftp://a/b" } }]), "messages[0].content[0].video_url.url"],
  [
    "a video as a picture",
    say([{ type: "image_url", image_url: { url: "data:video/mp4;base64,AAAA" } }]),
    "messages[0].content[0].image_url.url",
  ],
  [
    "a data URL that is no base64",
    say([{ type: "image_url", image_url: { url: "data:image/png,AAAA" } }]),
    "messages[0].content[0].image_url.url",
  ],
  ["fps and nframes", say([{ type: "video", video: url, fps: 1, nframes: 2 }]), "messages[0].content[0]"],
  [
    "a part that ends first",
    say([{ type: "video", video: url, video_start: 3, video_end: 2 }]),
    "messages[0].content[0]",
  ],
  [
    "an offset of no seconds",
    say([{ fileData: { fileUri: url }, videoMetadata: { startOffset: "10" } }]),
    "messages[0].content[0].videoMetadata.startOffset",
  ],
  ["no rate", say("x", { media_io_kwargs: { video: { fps: 0 } } }), "media_io_kwargs.video.fps"],
  ["a temperature of 3", say("x", { temperature: 3 }), "temperature"],
  ["half a token", say("x", { max_tokens: 0.5 }), "max_tokens"],
  ["too many tokens", say("x", { max_tokens: 1e6 }), "max_tokens"],
  ["two answers", say("x", { n: 2 }), "n"],
  ["tools", say("x", { tools: [{ type: "function" }] }), "tools"],
  ["a penalty", say("x", { frequency_penalty: 0.5 }), "frequency_penalty"],
  ["a bias", say("x", { logit_bias: { 3: 1 } }), "logit_bias"],
  ["alternatives alone", say("x", { top_logprobs: 3 }), "top_logprobs"],
  ["sound as an answer", say("x", { modalities: ["text", "audio"] }), "modalities"],
])("%s is refused with its field", (_, body, param) => {
  expect(refusal(body)).toMatchObject({ status: 400, param });
});
