/** The oracle is T3's released inventory and questions (1.1 and 1.2 of the notes), typed out by hand where it says so. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { sampleFrames } from "../../media/sampling/index.ts";
import { openVideo } from "../../media/video/index.ts";
import { aspectsNamed, probingAspects } from "./aspects.ts";
import { planProbing, usualCounts } from "./plan.ts";
import { captionsOfPrompt, frameCaptionPrompt, probingQuestion, withQuestion } from "./question.ts";
import { t3Vocabulary, worldThing, worldVocabulary } from "./vocabulary.ts";
import { worldSource } from "./world-scenes.ts";
import { probingFile, writeProbing } from "./write-probing.ts";

const t3 = probingAspects(t3Vocabulary);
const aspect = (id: string) => t3.find((each) => each.id === id) as (typeof t3)[number];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zoetrope-probing-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("the ten aspects have T3's names, class folders and split folders", () => {
  const inventory = Object.fromEntries(
    t3.map(({ id, classes, folders }) => [id, [classes.map((c) => c.folder), folders.train, folders.val]]),
  );
  const items = ["people", "cats", "bloom"];
  const parts = ["begin", "middle", "end"];
  const orders = ["cats_people_bloom", "cats_bloom_people", "people_cats_bloom", "people_bloom_cats"];
  expect(inventory).toEqual({
    order: [["cats_people", "people_cats"], "order/black_bg", "order/white_bg"],
    order_3: [[...orders, "bloom_people_cats", "bloom_cats_people"], "order_3/black_bg", "order_3/white_bg"],
    referring_begin: [items, "referring/black_bg/begin", "referring/white_bg/begin"],
    referring_middle: [items, "referring/black_bg/middle", "referring/white_bg/middle"],
    referring_end: [items, "referring/black_bg/end", "referring/white_bg/end"],
    grounding_people: [parts, "grounding/black_bg/people", "grounding/white_bg/people"],
    grounding_cats: [parts, "grounding/black_bg/cats", "grounding/white_bg/cats"],
    grounding_bloom: [parts, "grounding/black_bg/bloom", "grounding/white_bg/bloom"],
    blooming: [["bloom", "bloom_reverse"], "blooming_black_bg", "blooming_white_bg"],
    brightness: [["brighten", "darken"], "bright_dark_car", "bright_dark_cat"],
  });
});

test("the questions are T3's to the letter", () => {
  const text = (id: string) => probingQuestion(aspect(id), aspect(id).classes[0]?.folder as string).text;
  expect(text("order")).toBe(
    "Question: What is the correct order that the items appear in the video?\nOptions:(A) cat, person. (B) person, cat.\nOnly respond with the correct option. ",
  );
  expect(text("order_3")).toBe(
    "Question: What is the correct order that the items appear in the video?\nOptions:(A) cat, person, flower. (B) cat, flower, person. (C) person, cat, flower. (D) person, flower, cat. (E) flower, person, cat. (F) flower, cat, person. \nOnly respond with the correct option. ",
  );
  expect(text("referring_end")).toBe(
    "Question: Which item is shown in the end of the video?\nOptions:(A) a person. (B) a cat. (C) a flower.\nAnswer the option only. ",
  );
  expect(text("grounding_people")).toBe(
    "Question: In which part of the video can we see a person?\nOptions:(A) the begin. (B) the middle. (C) the end.\nAnswer the option only. ",
  );
  expect(text("blooming")).toBe(
    "Question: Does the flower bloom or unbloom (the video of blooming is played in reverse) in the video?\nOptions: (A) Bloom. (B) Unbloom.\nAnswer the option only. ",
  );
  expect(text("brightness")).toBe(
    "Question: Does the brightness increase (brighten) or decrease (darken) in the video?\nOptions: (A) Brighten. (B) Darken.\nAnswer the option only. ",
  );
});

test("shuffled options ask the same and keep the right one right", () => {
  const rng = new Rng("shuffle");
  const places = new Set<number>();
  for (let draw = 0; draw < 60; draw++) {
    const question = probingQuestion(aspect("order_3"), "people_bloom_cats", rng);
    expect(question.options[question.answerIndex]).toBe("person, flower, cat");
    expect(new Set(question.options).size).toBe(6);
    places.add(question.answerIndex);
  }
  expect(places.size).toBe(6);
});

test("caption prompts can be taken apart and given another question", () => {
  const captions = ["This frame shows a cat.", "This frame shows a man.\nHe smiles."];
  const prompt = frameCaptionPrompt(captions, "Question: Which?\nOptions:(A) x.\nAnswer the option only. ");
  expect(prompt.startsWith("Using the provided frame-by-frame video description, please answer")).toBe(true);
  expect(captionsOfPrompt(prompt)).toEqual(captions);
  expect(withQuestion(prompt, "Question: Other? ")).toBe(frameCaptionPrompt(captions, "Question: Other? "));
});

test.each([
  ["T3's counts", usualCounts],
  ["an odd count", { two: 3, three: 3, six: 3 }],
  ["more of three than of six", { two: 1, three: 5, six: 1 }],
])("every class of every aspect gets its number of videos in both splits: %s", (_, counts) => {
  const plan = planProbing(t3, t3Vocabulary, counts);
  const sizes = new Map<string, number>();
  const paths = new Set<string>();
  for (const video of plan) {
    expect(video.places.length).toBeGreaterThan(0);
    for (const { aspect: own, category } of video.places) {
      const key = `${own.id}/${video.split}/${category}`;
      sizes.set(key, (sizes.get(key) ?? 0) + 1);
      paths.add(probingFile(own, category, video));
    }
  }
  for (const { id, classes } of t3) {
    const wanted = { 2: counts.two, 3: counts.three, 6: counts.six }[classes.length];
    for (const split of ["train", "val"])
      for (const { folder: category } of classes) expect(sizes.get(`${id}/${split}/${category}`)).toBe(wanted);
  }
  expect(paths.size).toBe(plan.reduce((sum, { places }) => sum + places.length, 0));
});

test("a video lies in the classes that its order of items says", () => {
  for (const video of planProbing(t3, t3Vocabulary, { two: 2, three: 2, six: 2 })) {
    if (video.shown.kind !== "sequence" || video.shown.order.length !== 3) continue;
    const names = video.shown.order.map((index) => t3Vocabulary.items[index]?.folder as string);
    for (const { aspect: own, category } of video.places) {
      const [task, which] = own.id.split("_") as [string, string];
      if (task === "order") expect(category).toBe(names.join("_"));
      if (task === "referring") expect(category).toBe(names[["begin", "middle", "end"].indexOf(which)]);
      if (task === "grounding") expect(category).toBe(["begin", "middle", "end"][names.indexOf(which)]);
    }
  }
});

test("aspects are chosen by id, by task and by the paper's task; other names are refused with the list", () => {
  const ids = (...names: string[]) => aspectsNamed(t3, names).map(({ id }) => id);
  expect(ids("order")).toEqual(["order"]);
  expect(ids("Order")).toEqual(["order", "order_3"]);
  expect(ids("grounding", "brightness")).toHaveLength(4);
  expect(() => ids("speed")).toThrow(/Expected aspects of order, order_3, .* got "speed"/);
});

test("items that the world cannot show are refused in a sentence", () => {
  expect(() => worldThing("cat")).toThrow(/got "cat". Pass --clips/);
  expect(() => worldThing("white star")).toThrow(/can be seen on black and on white/);
  expect(() => worldVocabulary(["red star", "blue star", "moon"])).toThrow("different shapes");
  expect(worldVocabulary(["circle", "square", "bar"]).ramp.train.name).toBe("purple triangle");
  expect(worldThing("star").colours.length).toBeGreaterThan(3);
});

test("a set is real mp4 files on black and on white, captions in T3's layout, and goes on where it stopped", async () => {
  const source = worldSource(worldVocabulary(), 32);
  const options = { source, aspects: ["order", "blooming", "referring"], perClass: 2, seed: 5 };
  const stop = new AbortController();
  const begun = writeProbing(folder, {
    ...options,
    signal: stop.signal,
    onVideo: (done) => {
      if (done === 3) stop.abort(new Error("stopped"));
    },
  });
  await expect(begun).rejects.toThrow("stopped");
  const early = join(folder, "order/black_bg/red-star_blue-heart/red-star_blue-heart-0001.mp4");
  const before = statSync(early).mtimeMs;
  const written = await writeProbing(folder, options);
  expect(statSync(early).mtimeMs).toBe(before);
  expect(written.files).toBe(2 * 2 * (2 + 2 + 3 * 3));
  expect(readdirSync(join(folder, "referring/white_bg/middle/green-moon"))).toHaveLength(2);

  const captions = JSON.parse(readFileSync(join(folder, "frame_captions/order.json"), "utf8"));
  const { prompt } = captions["blue-heart_red-star_blue-heart_red-star-0001"];
  const lines = captionsOfPrompt(prompt);
  expect(lines).toHaveLength(8);
  // Both items are among the sampled frames, in the order of the class.
  const seen = lines
    .map((line) => (line.includes("blue heart") ? "h" : line.includes("red star") ? "s" : "?"))
    .join("");
  expect(seen).toMatch(/^h+s+$/);
  expect(lines[0]).toMatch(/^This frame shows a .* on a white background\.$/);

  const corner = async (path: string) => {
    await using video = await openVideo(join(folder, path));
    const frames = await sampleFrames(video, "linspace", 8);
    return frames.map(({ image }) => image.data[0] as number);
  };
  for (const level of await corner("order/black_bg/red-star_blue-heart/red-star_blue-heart-0002.mp4"))
    expect(level).toBeLessThan(60);
  for (const level of await corner("order/white_bg/red-star_blue-heart/red-star_blue-heart-0002.mp4"))
    expect(level).toBeGreaterThan(190);
  const blooming = JSON.parse(readFileSync(join(folder, "frame_captions/blooming.json"), "utf8"));
  const sizes = (key: string) =>
    captionsOfPrompt(blooming[key].prompt).map((line) => /small|medium|large/.exec(line)?.[0]);
  expect([sizes("bloom_bloom-0001")[0], sizes("bloom_bloom-0001")[7]]).toEqual(["small", "large"]);
  expect([sizes("bloom_reverse_bloom_reverse-0001")[0], sizes("bloom_reverse_bloom_reverse-0001")[7]]).toEqual([
    "large",
    "small",
  ]);

  const questions = readFileSync(join(folder, "questions.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(questions).toHaveLength(written.files / 2);
  for (const { video } of questions) expect(existsSync(join(folder, video))).toBe(true);
  await expect(writeProbing(folder, { ...options, seed: 6 })).rejects.toThrow('with seed "6", got "5"');
});
