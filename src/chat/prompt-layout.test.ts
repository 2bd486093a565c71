/** Where things stand in zoetrope-micro's prompt; the oracle is the text that the tokens spell. */
import { afterAll, expect, test } from "vitest";
import { evenTimeline, timeAt } from "../core/time/index.ts";
import { localParts } from "./index.ts";
import type { VideoPart } from "./message.ts";
import { userMessage } from "./message.ts";
import { promptLayout } from "./prompt-layout.ts";
import { promptReader } from "./prompt-reader.ts";

const parts = localParts("micro");
const reader = promptReader(parts);
afterAll(() => reader.dispose());

const line = evenTimeline(30, 10);
const frames = [0, 10, 20].map((index) => ({
  index,
  time: timeAt(line, index),
  image: { width: 8, height: 8, data: new Uint8ClampedArray(8 * 8 * 4) },
}));
const shown: VideoPart = { type: "video", frames };

test("frames, question, options and the template's end are found", () => {
  const pieces = [
    { kind: "question", text: "Question: What is shown first?\nOptions:" },
    { kind: "option", text: "(A) a red star." },
    { kind: "question", text: " " },
    { kind: "option", text: "(B) a blue heart." },
    { kind: "question", text: "\nOnly respond with the correct option. " },
  ];
  const ids = reader.ids([userMessage(pieces.map(({ text }) => text).join(""), shown)]);
  const { edges, frames: found, length } = promptLayout(reader, shown, pieces);
  expect(length).toBe(ids.length);
  const said = (from: number, to: number) => parts.tokenizer.decode(ids.slice(from, to)).trim();
  const texts = pieces.map((_, i) => said(edges[i] as number, edges[i + 1] as number));
  expect(texts.map((text) => text.replaceAll(/\s+/g, ""))).toEqual(
    pieces.map(({ text }) => text.replaceAll(/\s+/g, "")),
  );
  expect(said(edges.at(-1) as number, length).replaceAll(/\s+/g, "")).toBe("ASSISTANT:");
  expect(found.map(({ seconds }) => seconds)).toEqual([[0], [1], [2]]);
  // Four patches and the class token; then the end of the line.
  expect(found.map(({ rows }) => rows.length)).toEqual([5, 5, 5]);
  expect(found.map(({ start, end }) => end - start)).toEqual([6, 6, 6]);
  expect(found[2]?.end).toBe(edges[0]);
  for (const { rows } of found) for (const row of rows) expect(ids[row]).toBe(3);
});
