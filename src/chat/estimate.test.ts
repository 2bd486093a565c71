import { expect, test } from "vitest";
import { rgbaImage } from "../media/image/index.ts";
import type { Frame } from "../media/video/index.ts";
import type { ChatModel } from "./chat-model.ts";
import { Estimator } from "./estimate.ts";
import { userMessage } from "./message.ts";
import { endpointPlanner } from "./providers/plan-prompt.ts";
import type { ShapeName } from "./providers/shape.ts";
import { scriptedModel } from "./scripted-model.ts";

const frames = (count: number, width = 640, height = 480) => {
  const image = rgbaImage(width, height);
  return Array.from({ length: count }, (_, index): Frame => ({ image, time: index, index }));
};
/** 40 characters. */
const text = "Which item is shown first in the video??";
const ask = (count: number, size?: readonly [number, number]) => [userMessage(text, frames(count, ...(size ?? [])))];

function planned(model: string, shape: ShapeName = "gemini", more: object = {}): ChatModel {
  const plan = {
    model,
    context: 4096,
    shape,
    known: null,
    sentSize: (size: { width: number; height: number }) => size,
  };
  return { ...scriptedModel(["x"]), planner: endpointPlanner({ ...plan, ...more }) };
}

const tokensOf = (model: string, count: number, size?: readonly [number, number], shape?: ShapeName) =>
  planned(model, shape).planner?.promptTokens(ask(count, size));

test("tokens of a picture are those of the maker's examples (oracle: OpenAI's and Google's pages, Qwen's patches by hand)", () => {
  // Text: 8 for the turn, 40 / 4.
  const bare = 18;
  // "1024 x 1024 ... 765", "2048 x 4096 ... 1105".
  expect(tokensOf("gpt-4o-2024-08-06", 1, [1024, 1024])).toBe(bare + 765);
  expect(tokensOf("gpt-4o", 1, [2048, 4096])).toBe(bare + 1105);
  expect(tokensOf("gpt-4o-mini", 1, [512, 512])).toBe(bare + 2833 + 5667);
  expect(tokensOf("gpt-4.1-mini", 1, [1024, 1024])).toBe(bare + Math.ceil(1024 * 1.62));
  expect(tokensOf("gemini-2.5-flash", 10)).toBe(bare + 2580);
  // 640 / 28 and 480 / 28 are nearest to 23 and 17; a start and an end; "<12.0 seconds>" in seven.
  expect(tokensOf("Qwen/Qwen2.5-VL-7B-Instruct", 2, [640, 480], "frames")).toBe(bare + 2 * (23 * 17 + 2 + 7));
  expect(tokensOf("Qwen/Qwen3-VL-4B-Instruct", 2, [640, 480], "video-url")).toBe(bare + 20 * 15);
  expect(tokensOf("nobody/knows", 1)).toBeNull();
  expect(tokensOf("nobody/knows", 0)).toBe(bare);
});

test("what was measured of a frame of this size wins over rules", () => {
  const frame = { tokens: 100, width: 640, height: 480, isFixed: false };
  const known = { shapes: ["frames" as const], by: "doctor" as const, frame };
  const tokens = (model: string, more: object, size?: readonly [number, number]) =>
    planned(model, "gemini", { known: { ...known, frame: { ...frame, ...more } } }).planner?.promptTokens(ask(1, size));
  expect(tokens("gpt-4o", {})).toBe(18 + 100);
  expect(tokens("gpt-4o", {}, [1024, 1024])).toBe(18 + 765);
  // What no rule is known of goes by area, or is the same for all sizes where that was seen.
  expect(tokens("nobody/knows", {}, [1280, 480])).toBe(18 + 200);
  expect(tokens("nobody/knows", { isFixed: true }, [1280, 480])).toBe(18 + 100);
});

test("a run adds up: questions, frames, tokens, cost, the longest question and what would fit (oracle: by hand)", () => {
  const estimator = new Estimator(planned("gemini-2.5-flash"), { read: 1, written: 10 });
  estimator.add({ messages: ask(8), maxNewTokens: 16 });
  estimator.add({ messages: ask(20), maxNewTokens: 16 });
  const read = 2 * 18 + 28 * 258;
  expect(estimator.result()).toEqual({
    questions: 2,
    frames: 28,
    tokensRead: read,
    tokensWritten: 32,
    cost: (read + 32 * 10) / 1e6,
    longest: 18 + 20 * 258 + 16,
    context: 4096,
    fits: false,
    // (4096 - 34) / 258 = 15.7
    fittingFrames: 15,
    basis: "Gemini's 258 a frame, a token for 4 characters",
  });
});

test("what nobody knows is null, not zero", () => {
  const unknown = new Estimator(planned("nobody/knows"), { read: 1, written: 1 });
  unknown.add({ messages: ask(0), maxNewTokens: 16 });
  expect(unknown.result()).toMatchObject({ tokensRead: 18, fits: true });
  unknown.add({ messages: ask(4), maxNewTokens: 16 });
  unknown.add({ messages: ask(0), maxNewTokens: 16 });
  expect(unknown.result()).toMatchObject({
    questions: 3,
    frames: 4,
    tokensRead: null,
    cost: null,
    longest: null,
    fits: null,
    fittingFrames: null,
  });
  const script = new Estimator(scriptedModel(["x"]));
  script.add({ messages: ask(2), maxNewTokens: 5 });
  expect(script.result()).toMatchObject({ questions: 1, frames: 2, tokensRead: null, tokensWritten: 5, basis: null });
});
