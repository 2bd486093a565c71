import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readCaptions } from "./read-captions.ts";

const folder = mkdtempSync(join(tmpdir(), "captions-"));
const file = (name: string, content: string) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const texts = async (name: string, content: string) =>
  (await readCaptions(file(name, content))).map(({ text }) => text);

const rows = [{ caption: "A red kite." }, { caption: 'Two dogs, [running] {fast} "now".' }, { caption: "Un café." }];
const wanted = rows.map(({ caption }) => caption);

test("the same captions come out of every shape", async () => {
  const pretty = JSON.stringify(rows, null, 2);
  expect(await texts("a.txt", wanted.join("\r\n"))).toEqual(wanted);
  expect(await texts("a.jsonl", rows.map((row) => JSON.stringify(row)).join("\n"))).toEqual(wanted);
  expect(await texts("lines.json", rows.map((row) => JSON.stringify(row)).join("\n"))).toEqual(wanted);
  expect(await texts("a.json", JSON.stringify(rows))).toEqual(wanted);
  expect(await texts("pretty.json", pretty)).toEqual(wanted);
  expect(await texts("no-suffix", pretty)).toEqual(wanted);
  expect(await texts("strings.json", JSON.stringify(wanted, null, 1))).toEqual(wanted);
  expect(await texts("bom.json", `\ufeff${pretty}`)).toEqual(wanted);
  const llava = rows.map(({ caption }, i) => ({
    id: i,
    image: `${i}.jpg`,
    conversations: [
      { from: "human", value: "<image>\nDescribe." },
      { from: "gpt", value: caption },
    ],
  }));
  expect(await texts("llava.json", JSON.stringify(llava))).toEqual(wanted);
  const coco = { images: [], annotations: rows.map(({ caption }, i) => ({ image_id: i, id: i, caption })) };
  expect(await texts("coco.json", JSON.stringify(coco))).toEqual(wanted);
  const activityNet = {
    v_1: {
      duration: 9,
      timestamps: [
        [0, 3],
        [2, 5],
        [9, 6],
      ],
      sentences: wanted,
    },
  };
  expect(await texts("activitynet.json", JSON.stringify(activityNet))).toEqual(wanted);
});

test("a source is the image or video, and ActivityNet sentences keep their span", async () => {
  const [row] = await readCaptions(file("source.jsonl", '{"id": 7, "image": "x.jpg", "caption": "A cat."}'));
  expect(row).toEqual({ id: "7", text: "A cat.", source: "x.jpg" });
  const video = {
    v_1: {
      duration: 9,
      timestamps: [
        [0, 3],
        [9, 6],
      ],
      sentences: ["A.", "B."],
    },
  };
  expect(
    (await readCaptions(file("spans.json", JSON.stringify(video)))).map(({ source, span }) => ({ source, span })),
  ).toEqual([
    { source: "v_1", span: { start: 0, end: 3 } },
    { source: "v_1", span: { start: 6, end: 9 } },
  ]);
});

test("several captions of one entry share its source", async () => {
  const captions = await readCaptions(file("several.json", JSON.stringify([{ image: "x", captions: ["A.", "B."] }])));
  expect(captions.map(({ text, source }) => [text, source])).toEqual([
    ["A.", "x"],
    ["B.", "x"],
  ]);
});

test("blank captions are passed over and counted", async () => {
  const skipped: string[] = [];
  const path = file("blank.jsonl", '{"caption": "A."}\n{"caption": "  "}\n');
  expect((await readCaptions(path, { onSkip: (reason) => skipped.push(reason) })).length).toBe(1);
  expect(skipped).toEqual(["empty caption"]);
});

test.each([
  ["a line of JSON Lines", "bad.jsonl", '{"caption": "A."}\n\n{"caption": oops}\n', /bad\.jsonl:3: /],
  ["a first line", "first.jsonl", '{"caption": "A."\n{"caption": "B."}\n', /first\.jsonl:1: /],
  [
    "an array element on several lines",
    "bad.json",
    '[\n{"caption": "A."},\n{"caption":\n  oops}\n]\n',
    /bad\.json:4: /,
  ],
  ["a pretty object", "object.json", '{\n "v": {\n  "duration": x\n }\n}\n', /object\.json:3: /],
  ["an entry without a caption", "keys.jsonl", '{"caption": "A."}\n{"name": "B."}\n', /keys\.jsonl:2: .*name/],
  ["an entry that is a number", "number.json", "[\n3\n]", /number\.json:2: .*number/],
  ["an array that is cut off", "cut.json", '[\n{"caption": "A."},\n{"capt', /cut\.json:3: .*cut off/],
  ["more after the array", "after.json", '[\n{"caption": "A."}\n]\nx', /after\.json:4: /],
  [
    "timestamps that miss a sentence",
    "video.json",
    '{"v": {"duration": 1, "timestamps": [[0, 1]], "sentences": ["A.", "B."]}}',
    /"v": 2 sentences but 1/,
  ],
  ["an empty file", "empty.txt", "", /empty\.txt: .*none/],
  ["an empty JSON file", "empty.json", "", /empty\.json: .*empty/],
  ["an empty array", "none.json", "[]", /none\.json: .*none/],
  ["binary data", "binary.txt", "\u0000\u0001", /binary\.txt:1: .*binary/],
])("%s is refused with file, line and remedy", async (_, name, content, message) => {
  await expect(readCaptions(file(name, content))).rejects.toThrow(message);
  await expect(readCaptions(file(name, content))).rejects.toThrow(/(?:Fix|Pass|Rename|fetch|Give)[^.]*\.$/);
});

test("a missing file is named", async () => {
  await expect(readCaptions(join(folder, "absent.txt"))).rejects.toThrow(/absent\.txt: No such file/);
});
