/**
 * Oracles: a witness who only sees pixels and reads the questions (witness.fixture.ts); TempCompass's own templates and letters;
 * readers who do not look.
 */
import { expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { clockOfFilm, renderFilmFrame } from "../../world/index.ts";
import { type Conflict, compassAspects } from "./conflict.ts";
import { type CompassQuestion, type compassFormats, pairings } from "./formats.ts";
import { isTrue, type Testimony, watch } from "./witness.fixture.ts";
import { videosOfARound, type WorldCompass, worldCompass } from "./world-compass.ts";

const made = worldCompass({ seed: 5, videos: videosOfARound });
const testimonies = new Map<string, Testimony>();
const witnessed = (id: string) => {
  const known = testimonies.get(id) ?? watch(made.videos.find((video) => video.id === id)?.film as never);
  testimonies.set(id, known);
  return known;
};

type Asked = CompassQuestion & { video: string; aspect: string };
const asked = ({ questions }: WorldCompass, format: (typeof compassFormats)[number]): Asked[] =>
  Object.entries(questions[format]).flatMap(([video, aspects]) =>
    Object.entries(aspects).flatMap(([aspect, list]) => list.map((each) => ({ ...each, video, aspect }))),
  );

/** A question's options without letters or labels, and which is given as right. */
function optionsOf({ question, answer }: CompassQuestion): { ask: string; options: string[]; right: number } {
  const [ask, ...lines] = question.split("\n") as [string, ...string[]];
  const bare = (line: string) => line.replace(/^(?:[A-D]\.|(?:Caption|Option|Sentence) [AB12]:) /, "");
  return { ask, options: lines.map(bare), right: lines.indexOf(answer) };
}

const conflictOf = (video: string) =>
  made.conflicts.find(({ videos }) => videos.some(({ id }) => id === video)) as Conflict;

test("the witness finds every right option of every multiple choice, and no other", () => {
  const wrong = asked(made, "multi-choice").filter((question) => {
    const { ask, options, right } = optionsOf(question);
    const found = options.map((option) => isTrue(option, witnessed(question.video), ask));
    return right < 0 || found.some((truth, i) => truth !== (i === right));
  });
  expect(wrong.map(({ video, question, answer }) => `${video}: ${question} -> ${answer}`)).toEqual([]);
});

test("the witness agrees with every yes and no, and with every caption", () => {
  const yesNo = asked(made, "yes_no").filter(({ video, question, answer }) => {
    const claim = /we see (.*)\?$/.exec(question)?.[1] as string;
    return isTrue(claim, witnessed(video)) !== (answer === "yes");
  });
  expect(yesNo.map(({ video, question, answer }) => `${video}: ${question} -> ${answer}`)).toEqual([]);
  const captions = asked(made, "caption_matching").filter((question) => {
    const { options, right } = optionsOf(question);
    const claims = options.map((option) => /we see (.*)\.$/.exec(option)?.[1] as string);
    const found = claims.map((claim) => isTrue(claim, witnessed(question.video)));
    return right < 0 || found.some((truth, i) => truth !== (i === right));
  });
  expect(captions.map(({ video, question, answer }) => `${video}: ${question} -> ${answer}`)).toEqual([]);
});

test("pieces of information are the options of the first multiple choice, and say the same is right", () => {
  for (const { video, aspect, question, answer } of asked(made, "captioning")) {
    const choice = optionsOf(made.questions["multi-choice"][video]?.[aspect]?.[0] as CompassQuestion);
    const lines = question.split("\n");
    const told = lines.flatMap(
      (line) => /^Information ([A-D]): \{'subject': '(.*)', '(\w+)': '(.*)'\}$/.exec(line)?.[4] ?? [],
    );
    expect([...told].sort()).toEqual([...choice.options].sort());
    expect(answer).toBe(
      `${"ABCD"[told.indexOf(choice.options[choice.right] as string)]}. ${choice.options[choice.right]}`,
    );
    expect(lines.at(-1)).toBe("Generated Caption:");
  }
});

test("videos of a conflict are asked the same and answer differently, so that not looking is worth exactly chance", () => {
  for (const { videos, aspect } of made.conflicts) {
    for (const format of ["multi-choice", "captioning"] as const) {
      const lists = videos.map(({ id }) => made.questions[format][id]?.[aspect] ?? []);
      for (const [i, first] of (lists[0] ?? []).entries()) {
        expect(new Set(lists.map((list) => list[i]?.question))).toEqual(new Set([first.question]));
        expect(new Set(lists.map((list) => list[i]?.answer)).size).toBe(videos.length);
      }
    }
    // Every statement is held up to "yes" as often as to "no", over all wordings.
    const tally = new Map<string, number>();
    for (const { id } of videos) {
      for (const { question, answer } of made.questions.yes_no[id]?.[aspect] ?? []) {
        const claim = /we see (.*)\?$/.exec(question)?.[1] as string;
        tally.set(claim, (tally.get(claim) ?? 0) + (answer === "yes" ? 1 : -1));
      }
    }
    expect([...tally.values()]).toEqual(videos.map(() => 0));
  }
});

test("reversed videos consist of the very frames of their originals", () => {
  const small = { width: 16, height: 16 };
  const reversed = made.videos.filter(({ id }) => id.endsWith("_reverse"));
  expect(reversed.length).toBeGreaterThan(10);
  for (const { id, film } of reversed) {
    const original = made.videos.find((video) => `${video.id}_reverse` === id);
    if (!original) throw new Error(`Expected an original of ${id}.`);
    const { frames } = clockOfFilm(film);
    for (let k = 0; k < frames; k += 5) {
      expect(renderFilmFrame(film, k, small)).toEqual(renderFilmFrame(original.film, frames - 1 - k, small));
    }
  }
});

test("letters are balanced, and yes is as frequent as no", () => {
  const many = worldCompass({ seed: 1, videos: 4 * videosOfARound });
  const share = (list: readonly Asked[], keep: (question: Asked) => boolean) => list.filter(keep).length / list.length;
  const choices = asked(many, "multi-choice");
  for (const count of [3, 4]) {
    const own = choices.filter(({ question }) => question.split("\n").length === count + 1);
    for (const letter of "ABCD".slice(0, count))
      expect(share(own, ({ answer }) => answer[0] === letter)).toBe(1 / count);
  }
  expect(share(asked(many, "yes_no"), ({ answer }) => answer === "yes")).toBe(0.5);
  const first = share(asked(many, "caption_matching"), ({ answer }) => /^\w+ [A1]:/.test(answer));
  expect(Math.abs(first - 0.5)).toBeLessThan(0.05);
});

test("who prefers some captions to others, whatever the video, picks every second one rightly", () => {
  const many = worldCompass({ seed: 2, videos: 4 * videosOfARound });
  const rng = new Rng("preferences");
  for (let round = 0; round < 20; round++) {
    const liking = new Map<string, number>();
    const kindOf = (video: string) =>
      many.conflicts.find(({ videos }) => videos.some(({ id }) => id === video)) as Conflict;
    const liked = (video: string, caption: string) => {
      const { claims, stems } = kindOf(video);
      const claim = claims.findIndex((text) => caption.endsWith(`we see ${text}.`));
      // What is liked is a kind of claim ("grow"), not one item's.
      const key = `${stems[1]?.options[claim]}`;
      liking.set(key, liking.get(key) ?? rng.uniform());
      return liking.get(key) as number;
    };
    const questions = asked(many, "caption_matching");
    const hits = questions.filter((question) => {
      const { options, right } = optionsOf(question);
      const scores = options.map((option) => liked(question.video, option));
      return scores.indexOf(Math.max(...scores)) === right;
    });
    expect(Math.abs(hits.length / questions.length - 0.5)).toBeLessThan(0.04);
  }
});

test("pairings hold every claim against another, each as often as it is held up itself", () => {
  for (const count of [3, 4]) {
    for (const turn of [0, 1]) {
      const rounds = pairings(count, turn);
      expect(rounds.every((partners) => partners.every((partner, i) => partner !== i))).toBe(true);
      const held = rounds.flat();
      for (let claim = 0; claim < count; claim++) expect(held.filter((each) => each === claim)).toHaveLength(3);
    }
  }
  expect(() => pairings(5, 0)).toThrow(/3 or 4 videos/);
});

test("a round shows five aspects and eleven fine ones; the first conflicts show the five", () => {
  const fine = Object.values(made.meta).flatMap(({ eval_dim }) =>
    Object.values(eval_dim).flatMap((entry) => entry?.type ?? []),
  );
  expect(new Set(fine).size + 1).toBe(11);
  expect(new Set(made.conflicts.map((conflict) => conflict.fine)).size).toBe(11);
  const few = worldCompass({ seed: 5, videos: 18 });
  expect([...new Set(few.conflicts.map(({ aspect }) => aspect))].sort()).toEqual([...compassAspects].sort());
  expect(few.videos).toEqual(made.videos.slice(0, 18));
});

test("ids are TempCompass's: numbers, _reverse, _concat_0 to 2 and pairs _0 to 2, made of films that are there", () => {
  const ids = made.videos.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) {
    const [, first, second] = /^(\d{6})(?:_reverse|_concat_[012]|_(\d{6})_[012])?$/.exec(id) ?? [];
    expect(ids).toContain(first);
    if (second) expect(ids).toContain(second);
  }
  expect(ids.filter((id) => id.endsWith("_concat_0"))).toHaveLength(1);
});

test("a seed names the benchmark; too few videos are refused", () => {
  expect(worldCompass({ seed: 7, videos: 20 })).toEqual(worldCompass({ seed: 7, videos: 20 }));
  expect(worldCompass({ seed: 8, videos: 20 })).not.toEqual(worldCompass({ seed: 7, videos: 20 }));
  expect(() => worldCompass({ seed: 7, videos: 3 })).toThrow(/4 videos at least, got 3/);
  expect(conflictOf(made.videos[0]?.id as string).fine).toBe("coarse-grained action");
});
