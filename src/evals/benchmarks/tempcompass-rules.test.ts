/** Oracles: the cases that the specification of the official scripts names, and a literal twin of their prefix checks. */
import { expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { matchCaption, matchMultiChoice, matchYesNo, readOfficially } from "./tempcompass-rules.ts";

const answer = "B. moving faster";

test.each([
  ["B. moving faster", true],
  ["B", true],
  ["B) whatever", true],
  ["B.", true],
  ["A. moving faster", false],
  ["D", false],
  ["(B)", null],
  ["(B) moving faster", null],
  ["**B.", null],
  ["Option B", null],
  ["b", null],
  ["moving faster", null],
  ["Both", null],
  ["", null],
])("multiple choice: %j gives %j", (text, expected) => {
  expect(matchMultiChoice(text, answer)).toBe(expected);
});

test("the rule of multiple choice is the chain of checks of the official script", () => {
  const twin = (text: string): boolean | null => {
    if (text === answer) return true;
    if (["A", "B", "C", "D"].includes(text)) return text === answer[0];
    if (["A.", "B.", "C.", "D."].some((prefix) => text.startsWith(prefix))) return text.split(".")[0] === answer[0];
    if (["A)", "B)", "C)", "D)"].some((prefix) => text.startsWith(prefix))) return text.split(")")[0] === answer[0];
    return null;
  };
  const rng = new Rng("rules");
  for (let i = 0; i < 3000; i++) {
    const text = Array.from({ length: rng.below(5) }, () => rng.pick([..."ABCDE.) ab\n"])).join("");
    expect(matchMultiChoice(text, answer), JSON.stringify(text)).toBe(twin(text));
  }
});

test.each([
  ["Yes, it is.", true],
  ["yes", true],
  ["No.", false],
  ["not sure", false],
  ["None of them", false],
  ["It is.", null],
  [" The answer is yes", null],
])("yes or no: %j gives %j where yes is right", (text, expected) => {
  expect(matchYesNo(text, "yes")).toBe(expected);
});

const question =
  "Which description is a more suitable match for the video?\nOption 1: It grows.\nOption 2: It shrinks.";

test.each([
  ["Option 2: It shrinks.", true],
  ["It shrinks.", true],
  ["Option 2", true],
  ["Option 2.", true],
  ["2", true],
  ["2.", true],
  ["(2) It shrinks.", true],
  ["1", false],
  ["Option 1) It shrinks.", true],
  ["Option 1: It shrinks.", null],
  ["option 2", null],
  ["It shrinks", null],
])("caption matching: %j gives %j", (text, expected) => {
  expect(matchCaption(text, question, "Option 2: It shrinks.")).toBe(expected);
});

test("a letter is a label too", () => {
  const lettered = "Which caption matches the video better?\nCaption A: x.\nCaption B: y.";
  expect(matchCaption("A.", lettered, "Caption A: x.")).toBe(true);
  expect(matchCaption("B", lettered, "Caption A: x.")).toBe(false);
});

test("captions wait for a judge, and </s> is no part of a reply", () => {
  expect(readOfficially({ task: "captioning", question: "", answer: "" }, "a man").kind).toBe("unjudged");
  expect(readOfficially({ task: "multi-choice", question: "", answer }, " B</s> ")).toMatchObject({ correct: true });
  expect(readOfficially({ task: "multi-choice", question: "", answer }, "(B)").kind).toBe("unparsed");
});
