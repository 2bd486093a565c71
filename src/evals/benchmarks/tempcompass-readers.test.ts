/** Oracle: what a simulated chatty model means is known, because it is told; refusals must not be read as choices. */
import { expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import type { BenchmarkItem } from "./benchmark.ts";
import { tempCompassItem } from "./tempcompass.ts";
import type { TempCompassQuestion } from "./tempcompass-data.ts";
import { readCaptionChoice, readYesNo } from "./tempcompass-readers.ts";

const base = { video: "v", aspect: "action", place: 0, fine: null, choice: null } as const;
const choice = { question: "What?\nA. walking\nB. running\nC. standing still", answer: "B. running" };
const items: Readonly<Record<string, BenchmarkItem>> = {
  choice: tempCompassItem({ ...base, ...choice, task: "multi-choice" }),
  truth: tempCompassItem({ ...base, task: "yes_no", question: "Is the man running?", answer: "yes" }),
  captions: tempCompassItem({
    ...base,
    task: "caption_matching",
    question: "Which sentence better captures the essence of the video?\nSentence A: He walks.\nSentence B: He runs.",
    answer: "Sentence B: He runs.",
  }),
};

/** Ways to say option i that no official rule matches. */
const chatty: Readonly<Record<string, (item: BenchmarkItem, i: number) => readonly string[]>> = {
  choice: ({ options }, i) => {
    const letter = "ABC"[i];
    return [
      `(${letter}) ${options[i]}`,
      `**${letter}. ${options[i]}**`,
      `The best option is ${letter}.`,
      `Answer: ${letter}`,
      `${options[i]}.`,
    ];
  },
  truth: ({ options }, i) => [
    `The answer is ${options[i]}.`,
    `**${options[i]}**, because of the way he moves.`,
    `"${options[i]}"`,
  ],
  captions: ({ options }, i) => {
    const letter = "AB"[i];
    return [
      `**Sentence ${letter}**`,
      `The answer is Sentence ${letter}.`,
      `(${letter}) ${options[i]}`,
      `Sentence ${letter} matches the video better.`,
    ];
  },
};

test.each(Object.entries(items))("a chatty model's %s are failures of the rules, not of the model", (kind, item) => {
  let missed = 0;
  for (let i = 0; i < item.options.length; i++) {
    for (const reply of chatty[kind]?.(item, i) ?? []) {
      expect(item.read.default?.(reply), reply).toMatchObject({ kind: "read", correct: i === item.answerIndex });
      if (item.read.official?.(reply).kind === "unparsed") missed++;
    }
  }
  expect(missed).toBeGreaterThan(0);
});

test("what the official rules read, ours reads alike, but for refusals that begin with no", () => {
  const rng = new Rng("replies");
  for (const item of Object.values(items)) {
    for (let i = 0; i < 400; i++) {
      const letter = rng.pick(["A", "B", "C", "1"]);
      const reply = rng.pick([
        letter,
        `${letter}.`,
        `${letter})`,
        `Sentence ${letter}`,
        "yes",
        "No, he is not.",
        "Yes.",
      ]);
      const [official, ours] = [item.read.official?.(reply), item.read.default?.(reply)];
      if (official?.kind === "read" && ours?.kind === "read") expect(ours.correct, reply).toBe(official.correct);
    }
  }
});

test.each(["not sure", "none of them", "no idea", "yes and no", "", "It is hard to say.", "no way to tell"])(
  "%j is neither yes nor no",
  (reply) => {
    expect(readYesNo(reply.toLowerCase() === "yes and no" ? "It is yes and no" : reply, "yes").kind).toBe("unparsed");
  },
);

test("a label with the other caption's text is a contradiction", () => {
  const options = { texts: ["He walks.", "He runs."], answerIndex: 1 };
  expect(readCaptionChoice("Sentence A: He runs.", options).kind).toBe("unparsed");
  expect(readCaptionChoice("Sentence B: He runs.", options)).toMatchObject({ correct: true });
  expect(readCaptionChoice("A man runs.", options).kind).toBe("unparsed");
});

test("captions are scored by the words of the multiple-choice question, in their order where shares are equal", () => {
  const question: TempCompassQuestion = {
    ...base,
    task: "captioning",
    question: "Generated Caption:",
    answer: "A. wrong on purpose",
    choice: {
      question: "What?\nA. eating and then sleeping\nB. sleeping and then eating\nC. jumping",
      answer: "B. sleeping and then eating",
    },
  };
  const read = tempCompassItem(question).read.default;
  expect(read?.("A dog sleeps, then eats from a bowl.")).toMatchObject({ kind: "read", correct: true });
  expect(read?.("A dog eats, and afterwards it sleeps.")).toMatchObject({ kind: "read", correct: false });
  expect(read?.("A dog eats.").kind).toBe("unparsed");
  expect(read?.("Nothing of the kind.").kind).toBe("unparsed");
});
