/**
 * Oracles: the specification's templates and examples (A2, A4, A7, A8), and a reader of rendered rows that finds the events
 * again, written apart from the code that renders.
 */
import { expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { evenTimeline, timeline } from "../../core/time/index.ts";
import { dialoguePrompt, dialogueRow, readDialogue, templateDialogue } from "./dialogue.ts";
import { type EventList, eventFilters, eventSentence, eventsOf, eventWithin } from "./events.ts";
import { frameNotation, parseVtimellmRow, renderTurns, timeNotations, timeTokensIn } from "./row.ts";
import { rowFrames } from "./row-frames.ts";
import { stage1Row, stage2Row } from "./stages.ts";
import { denseQuestions, eventQuestions, groundingQuestions } from "./templates.table.ts";
import { plainPieces, v1Pieces, v1Prompt } from "./training-text.ts";

const things = ["A red circle grows", "the dog runs.", "Anna opens a door", "Two cups fall", "it gets dark"];

function randomList(rng: Rng): EventList {
  const duration = rng.uniform(5, 200);
  const count = rng.integer(1, 14);
  const ends = Array.from({ length: 2 * count }, () => rng.uniform(0, duration)).sort((a, b) => a - b);
  const events = Array.from({ length: count }, (_, i) => ({
    start: ends[2 * i] as number,
    end: ends[2 * i + 1] as number,
    label: `${rng.pick(things)} ${"x".repeat(i + 1)}`,
  }));
  return { video: `v${rng.below(1000)}`, duration, events };
}

test("the paper's example of times becomes its two digits", () => {
  // A2: duration 54.2, tokens 0 / 9.4 / 49.4 / 53.2 -> 00 / 17 / 91 / 98.
  expect([0, 9.4, 49.4, 53.2, 54.2].map((x) => timeNotations.vtimellm(x, 54.2))).toEqual([
    "00",
    "17",
    "91",
    "98",
    "99",
  ]);
  // Python: round(0.5) = 0, round(1.5) = 2, round(2.5) = 2.
  expect([0.5, 1.5, 2.5].map((x) => timeNotations.vtimellm(x, 100))).toEqual(["00", "02", "02"]);
});

test("a row of the released layout is read, with or without a split, and renders like the reference", () => {
  const value = {
    source: "internvid",
    id: "3n3oCNerzV0",
    conversations: [
      { from: "human", value: "<video>\nCould you please detail the events?" },
      { from: "gpt", value: "From <s0> to <e0>, a man cooks. From <s1> to <e1>, he eats." },
    ],
    meta: { split: [129.8, 184.0], duration: 54.2, token: { "<s0>": 0, "<e0>": 9.4, "<s1>": 49.4, "<e1>": 53.2 } },
  };
  const row = parseVtimellmRow(value, "memory");
  expect(renderTurns(row, timeNotations.vtimellm)[1]?.value).toBe(
    "From 00 to 17, a man cooks. From 91 to 98, he eats.",
  );
  expect(renderTurns(row, timeNotations.seconds)[1]?.value).toContain("From 49.4 seconds to 53.2 seconds");
  expect(renderTurns(row, frameNotation([0, 10, 20, 30, 40, 50]))[1]?.value).toContain(
    "From 0 to 1, a man cooks. From 5 to 5",
  );
  const lost = { ...value, meta: { ...value.meta, token: { "<s0>": 0 } } };
  expect(() => parseVtimellmRow(lost, "line 7")).toThrow("Expected seconds for <e0> in meta.token of line 7");
  expect(() => parseVtimellmRow({ id: "x" }, "line 8")).toThrow("line 8");
});

test("ten or more events keep their times apart: <s1> is not the beginning of <s10>", () => {
  const rng = new Rng("tokens");
  for (let round = 0; round < 100; round++) {
    const list = randomList(rng);
    const row = stage2Row(list, { rng, denseShare: 1 });
    const answer = renderTurns(row, (seconds) => `[${seconds}]`)[1]?.value as string;
    const found = [...answer.matchAll(/From \[([\d.e-]+)\] to \[([\d.e-]+)\], (.*?x+)\./g)];
    expect(found.map(([, s, e]) => [Number(s), Number(e)])).toEqual(list.events.map(({ start, end }) => [start, end]));
    expect(found.map(([, , , label]) => label)).toEqual(list.events.map(({ label }) => eventWithin(label)));
  }
});

/** A question as a pattern with its parts captured. */
function patternOf(template: string): RegExp {
  const escaped = template.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp(
    `^${escaped.replace("{s}", "(?<s><s\\d+>)").replace("{e}", "(?<e><e\\d+>)").replace("{T}", "(?<T>.+)")}$`,
  );
}

test("every stage-2 turn is one of the paper's templates, and its answer tells the event that it asks about", () => {
  const rng = new Rng("stage 2");
  const used = new Set<string>();
  let dense = 0;
  for (let round = 0; round < 600; round++) {
    const list = randomList(rng);
    const { conversations, meta } = stage2Row(list, { rng });
    expect(conversations[0]?.value.startsWith("<video>\n")).toBe(true);
    expect(conversations.slice(1).every(({ value }) => !value.includes("<video>"))).toBe(true);
    const turns = conversations.map(({ value }) => value.replace("<video>\n", ""));
    const asked = new Set<number>();
    for (let i = 0; i < turns.length; i += 2) {
      const [question, answer] = [turns[i] as string, turns[i + 1] as string];
      if ((denseQuestions as readonly string[]).includes(question)) {
        dense++;
        used.add(question);
        expect(timeTokensIn({ conversations }).length).toBe(2 * list.events.length);
        continue;
      }
      const telling = eventQuestions.find((template) => patternOf(template).test(question));
      const grounding = groundingQuestions.find((template) => patternOf(template).test(question));
      const template = telling ?? grounding;
      expect(template, question).toBeDefined();
      used.add(template as string);
      const times = telling ? question : answer;
      const event = Number(/<s(\d+)> to <e\1>/.exec(times)?.[1]);
      expect(asked.has(event)).toBe(false);
      asked.add(event);
      const { start, end, label } = list.events[event] as EventList["events"][number];
      expect(meta?.token[`<s${event}>`]).toBe(start);
      expect(meta?.token[`<e${event}>`]).toBe(end);
      if (telling) expect(answer).toBe(eventSentence(label));
      else expect(question).toContain(eventWithin(label));
    }
    if (asked.size > 0) expect(asked.size).toBe(list.events.length);
  }
  expect(used.size).toBe(30);
  // Binomial(600, 0.2): mean 120, standard deviation 9.8.
  expect(Math.abs(dense - 120)).toBeLessThan(5 * 9.8);
});

test("the paper's layout tells the event first", () => {
  const list: EventList = { video: "v", duration: 10, events: [{ start: 0, end: 4, label: "a dog runs" }] };
  const row = stage2Row(list, { rng: new Rng(1), denseShare: 1, layout: "event-first" });
  expect(row.conversations[1]?.value).toBe("A dog runs, from <s0> to <e0>.");
});

test("training text is the official template, and exactly the answers with their </s> are learnt", () => {
  const turns = [
    { from: "human", value: "<video>\nq1" },
    { from: "gpt", value: "a1" },
    { from: "human", value: "q2" },
    { from: "gpt", value: "a2" },
  ] as const;
  const system =
    "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, detailed, and polite answers to the user's questions.";
  const pieces = v1Pieces(turns);
  expect(pieces.map(({ text }) => text).join("")).toBe(
    `${system} USER: <video>\nq1 ASSISTANT: a1</s>USER: q2 ASSISTANT: a2</s>`,
  );
  expect(pieces.filter(({ learn }) => learn).map(({ text }) => text)).toEqual([" a1</s>", " a2</s>"]);
  expect(v1Prompt(turns.slice(0, 1))).toBe(`${system} USER: <video>\nq1 ASSISTANT:`);
  expect(v1Prompt(turns.slice(0, 3))).toBe(`${system} USER: <video>\nq1 ASSISTANT: a1</s>USER: q2 ASSISTANT:`);
  const picture = stage1Row({ id: "1", image: "1.jpg", caption: " A cat. " });
  expect(plainPieces(picture.conversations)).toEqual([{ text: "<video>\n" }, { text: "A cat.\n", learn: true }]);
  expect(() => v1Pieces(turns.slice(0, 3))).toThrow("pairs of human and gpt turns");
});

test("filters keep what the paper keeps, and say why not", () => {
  const video = (duration: number, ...spans: [number, number][]) => ({
    video: "v",
    duration,
    moments: spans.map(([start, end]) => ({ start, end, label: "a dog runs" })),
  });
  const verdict = (moments: Parameters<typeof eventsOf>[0], name: keyof typeof eventFilters) => {
    const result = eventsOf(moments, eventFilters[name]);
    return "skip" in result ? result.skip : "kept";
  };
  expect(verdict(video(60, [0, 10], [12, 30]), "stage2")).toBe("kept");
  expect(verdict(video(121, [0, 40], [50, 100]), "stage2")).toContain("longer than 120");
  expect(verdict(video(60, [0, 10]), "stage2")).toContain("fewer than 2");
  expect(verdict(video(60, [0, 3], [5, 30]), "stage2")).toContain("3 s or less");
  expect(verdict(video(60, [0, 20], [15, 30]), "stage2")).toBe("overlapping events");
  expect(verdict(video(100, [0, 5], [10, 14]), "stage2")).toContain("8 %");
  expect(verdict(video(60, [0, 20], [20, 40], [41, 60]), "stage3-anet")).toBe("kept");
  expect(verdict(video(60, [0, 20], [20, 40], [50, 55]), "stage3-anet")).toContain("90 %");
  expect(verdict(video(60, [0, 20], [50, 55]), "stage3-didemo")).toBe("kept");
  expect(verdict(video(Infinity, [0, 20]), "none")).toBe("no duration known");
  const clipped = eventsOf(video(10, [-1, 4], [8, 12], [3, 3]));
  expect(clipped).toMatchObject({
    cut: 2,
    dropped: 1,
    list: {
      events: [
        { start: 0, end: 4 },
        { start: 8, end: 10 },
      ],
    },
  });
});

test("template dialogues alternate, name only events that there are, and tell true order", () => {
  const rng = new Rng("dialogues");
  for (let round = 0; round < 200; round++) {
    const list = randomList(rng);
    const turns = templateDialogue(list, rng);
    const row = dialogueRow(list, turns);
    expect(parseVtimellmRow(JSON.parse(JSON.stringify(row)), "memory")).toEqual(row);
    for (let i = 0; i < turns.length; i += 2) {
      const [question, answer] = [turns[i]?.value as string, turns[i + 1]?.value as string];
      const order = /^What happens right (after|before) (.*)\?$/.exec(question);
      if (!order) continue;
      const known = list.events.findIndex(({ label }) => eventWithin(label) === order[2]);
      const told = Number(/<s(\d+)>/.exec(answer)?.[1]);
      expect(told - known).toBe(order[1] === "after" ? 1 : -1);
    }
  }
});

test("a written dialogue is taken when every symbol is an event's, and refused with a reason otherwise", () => {
  const list: EventList = { video: "v", duration: 9, events: [{ start: 0, end: 4, label: "A dog runs." }] };
  expect(dialoguePrompt(list)).toContain("from <s0> to <e0>: A dog runs.\nDialogue:");
  const good =
    "User: What happens?\nAssistant: A dog runs\nfrom <s0> to <e0>.\nUser: Is it a cat?\nAssistant: No.\n===example end===";
  expect(readDialogue(good, list)).toEqual({
    turns: [
      { from: "human", value: "What happens?" },
      { from: "gpt", value: "A dog runs\nfrom <s0> to <e0>." },
      { from: "human", value: "Is it a cat?" },
      { from: "gpt", value: "No." },
    ],
  });
  const problem = (text: string) => (readDialogue(text, list) as { problem: string }).problem;
  expect(problem("User: What?\nAssistant: From <s1> to <e1>.")).toBe("a symbol of no event");
  expect(problem("User: What?\nAssistant: A dog.")).toBe("no time symbol");
  expect(problem("User: What?\nUser: When?")).toBe("turns that do not alternate");
  expect(problem("I am sorry.")).toBe("no whole pairs of question and answer");
});

test("a row shows the reference's hundred frames, of the whole video or of its part", () => {
  // A3 and E6: 900 frames give 0, 9, 18, ..., 889, 899; a part [a, b) is int(fps * a) to int(fps * b) of a constant rate.
  const whole = rowFrames(evenTimeline(900, 30));
  expect([whole.length, whole[1], whole[98], whole[99]]).toEqual([100, 9, 889, 899]);
  const part = rowFrames(evenTimeline(900, 30), { split: [10, 20] });
  expect([part[0], part[99]]).toEqual([300, 599]);
  expect(rowFrames(timeline([0, 1, 5, 9], 10), { split: [1, 6] }, 4)).toEqual([1, 1, 1, 2]);
  expect(() => rowFrames(evenTimeline(10, 10), { split: [5, 6] })).toThrow("got none");
});
