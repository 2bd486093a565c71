import { expect, test } from "vitest";
import { framesOf, timedFrames, userMessage, type VideoPart } from "./message.ts";
import { noiseFrames } from "./tiny-llava.fixture.ts";
import { readParts } from "./visual-parts.ts";

const frames = noiseFrames(3, "message");
const reversed: VideoPart = { type: "video", frames: [...frames].reverse(), toldTimes: [0, 0.5, 1], duration: 1.5 };

test("frames in another order are told the times of their places, and keep their own in what a log records", () => {
  expect(timedFrames(reversed).map(({ time, index }) => [time, index])).toEqual([
    [0, 2],
    [0.5, 1],
    [1, 0],
  ]);
  expect(timedFrames(reversed).map(({ image }) => image)).toEqual(reversed.frames.map(({ image }) => image));
  expect(framesOf([userMessage("?", reversed)]).map(({ time }) => time)).toEqual([1, 0.5, 0]);
});

test("models that are told times are told these, one placeholder a video or a frame", () => {
  const told = (placeholderFor: "frame" | "video") =>
    readParts([reversed], placeholderFor).map((part) => part.type === "visual" && part.frames.map(({ time }) => time));
  expect(told("video")).toEqual([[0, 0.5, 1]]);
  expect(told("frame")).toEqual([[0], [0.5], [1]]);
});
