/**
 * Oracle: the scripts themselves. Every right answer is derived again from the scenes, in words of this file's own.
 */
import { expect, test } from "vitest";
import { type Script, sizes, testVocabulary } from "../world/index.ts";
import { type Sample, temporalTasks } from "./sample.ts";
import { glimpsesOf, worldBenchmark } from "./world-benchmark.ts";

const perTask = 24;
const { videos, samples } = worldBenchmark("test", { perTask });
const scriptOf = new Map(videos.map(({ id, script }) => [id, script]));
const temporal = samples.filter(({ kind }) => kind === "temporal");

/** Things in the order of their scenes. */
function thingsOf({ scenes }: Script): string[] {
  return scenes.map(({ items }) => `${items[0]?.colour} ${items[0]?.shape}`);
}

function derived({ task, question, options }: Sample, script: Script): string {
  const things = thingsOf(script);
  const article = (thing: string) => (/^[aeiou]/.test(thing) ? `an ${thing}` : `a ${thing}`);
  if (task.startsWith("order")) return things.join(", ");
  if (task.startsWith("referring")) {
    const place = /in the (\w+) of the video/.exec(question)?.[1] as string;
    return article(things[["begin", "middle", "end"].indexOf(place)] as string);
  }
  if (task === "grounding") {
    const asked = things.findIndex((thing) => question.includes(`see ${article(thing)}?`));
    return `the ${["begin", "middle", "end"][asked]}`;
  }
  const [scene] = script.scenes;
  if (task === "brightness") return scene?.ramp === "brighten" ? "Brighten" : "Darken";
  if (task === "growth") return scene?.items[0]?.growth === "grow" ? "Grow" : "Shrink";
  return options[-1] ?? "";
}

test("the right option of every temporal question follows from the script", () => {
  const wrong = temporal.filter((sample) => {
    return derived(sample, scriptOf.get(sample.video) as Script) !== sample.options[sample.answerIndex];
  });
  expect(wrong).toEqual([]);
});

test("options are different, and the question lists them with their letters", () => {
  for (const { options, question } of samples) {
    expect(new Set(options).size).toBe(options.length);
    options.forEach((option, i) => {
      expect(question).toContain(`(${"ABCDEF"[i]}) ${option}.`);
    });
  }
});

test("every task has the same number of questions, and letters are balanced within it", () => {
  for (const task of temporalTasks) {
    const own = temporal.filter((sample) => sample.task === task);
    expect(own.length).toBe(perTask);
    const letters = (own[0] as Sample).options.map((_, i) => own.filter(({ answerIndex }) => answerIndex === i).length);
    expect(Math.max(...letters) - Math.min(...letters)).toBeLessThanOrEqual(1);
  }
});

test("temporal videos show held-out things on held-out backgrounds only", () => {
  const scenes = temporal.flatMap(({ video }) => (scriptOf.get(video) as Script).scenes);
  for (const { background, items } of scenes) {
    expect(testVocabulary.backgrounds).toContain(background);
    for (const { shape } of items) expect(testVocabulary.shapes).toContain(shape);
  }
});

test("a seed names the questions; another seed asks others", () => {
  expect(worldBenchmark("test", { perTask: 2 })).toEqual(worldBenchmark("test", { perTask: 2 }));
  expect(worldBenchmark("other", { perTask: 2 })).not.toEqual(worldBenchmark("test", { perTask: 2 }));
});

test("the eight sampled frames of a growing thing pass through all sizes in order", () => {
  const growing = videos.filter(({ script }) => script.scenes[0]?.items[0]?.growth === "grow");
  for (const { script } of growing) {
    const seen = glimpsesOf(script).map(({ size }) => (sizes as readonly string[]).indexOf(size));
    expect([...seen].sort()).toEqual(seen);
    expect(new Set(seen).size).toBe(3);
  }
});
