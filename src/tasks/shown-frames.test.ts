/** Oracle: the times that the frames carry, looked up by hand. */
import { expect, test } from "vitest";
import { framesOf } from "../chat/index.ts";
import { rgbaImage } from "../media/image/index.ts";
import { askGrounding, askHighlights, readGrounding, readHighlightFrames, showFrames } from "./shown-frames.ts";

/** Frames of a variable rate: place, second, index in the file. */
const times = [0, 1.1, 1.9, 3.3, 7.5, 8];
const frames = times.map((time, i) => ({ image: rgbaImage(96, 64), time, index: 10 * i }));
const show = (options = {}) => showFrames(frames, { duration: 9, ...options });

function firstSpan(reply: string, options = {}, prompt?: Parameters<typeof readGrounding>[2]) {
  const read = readGrounding(show(options), reply, prompt);
  return read.kind === "spans" ? [read.spans[0]?.start, read.spans[0]?.end] : read.reason;
}

test("a number means the time of the frame that carries it, on any frame rate and from any first number", () => {
  expect(firstSpan("From Frame 1 to Frame 4.")).toEqual([1.1, 7.5]);
  expect(firstSpan("From 1 to 4.", {}, "numpro-ft")).toEqual([1.1, 7.5]);
  expect(firstSpan("From Frame 1 to Frame 4.", { startIndex: 1 })).toEqual([0, 3.3]);
  expect(firstSpan("From frame 0 to frame 2.", { startIndex: 1 })).toEqual([0, 1.1]);
  expect(firstSpan("The dog runs from 2 seconds to 3.5 seconds.")).toEqual([2, 3.5]);
  expect(firstSpan("I see no dog.")).not.toEqual(expect.any(Array));
});

test("hundredths of the video and seconds are read where the prompt asks for them", () => {
  expect(firstSpan("From 10 to 50.", { numbers: false }, "vtimellm")).toEqual([0.9, 4.5]);
  expect(firstSpan("From 2 to 5.", { numbers: false }, "times")).toEqual([2, 5]);
});

test("frames get their numbers once, and the question goes behind them", () => {
  const shown = show({ style: { color: "blue" } });
  const [message] = askGrounding(shown, "it rains");
  expect(framesOf([message as NonNullable<typeof message>]).map(({ time }) => time)).toEqual(times);
  expect(framesOf([message as NonNullable<typeof message>]).map(({ image }) => image)).toEqual(
    shown.frames.map(({ image }) => image),
  );
  expect(message?.content.at(-1)).toMatchObject({ text: expect.stringMatching(/^The blue numbers .*it rains/) });
  const bare = show({ numbers: false });
  expect(bare.frames).toBe(frames);
  expect(askGrounding(bare, "it rains", "times")[0]?.content.at(-1)).toMatchObject({
    text: expect.stringContaining("1.1, 1.9, 3.3"),
  });
  expect(askHighlights(shown, "it rains")[0]?.content.at(-1)).toMatchObject({
    text: expect.stringContaining("saliency"),
  });
});

test("highlights come with the seconds of their frames, numbers of no frame are counted", () => {
  const reply = "The highlight frames are in the 0, 3, 9 frames. Their saliency scores are 1, 4.5, 2";
  expect(readHighlightFrames(show(), reply)).toEqual({
    kind: "highlights",
    highlights: [
      { number: 0, seconds: 0, score: 1 },
      { number: 3, seconds: 3.3, score: 4.5 },
    ],
    outside: 1,
    unpaired: 0,
  });
});
