/** Oracle: a judge whose failures are planned. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type ChatModel, scriptedModel } from "../chat/index.ts";
import { tempCompassItem } from "./benchmarks/index.ts";
import {
  judgedCaption,
  readCaptionVerdict,
  readVerdict,
  trimGeminiCaption,
  trimRekaCaption,
} from "./benchmarks/tempcompass-judge.ts";
import { askJudge, type JudgeQuestion, openJudgeLog } from "./judge.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-judge-"));
afterAll(() => rmSync(folder, { recursive: true }));

const questions = ["a", "b", "c"].map((id): JudgeQuestion => ({ id, prompt: `Is ${id} right?`, read: readVerdict }));
const config = { benchmark: "tempcompass", model: "judge", fingerprint: "1", seed: 0 };
const options = { questions, system: "Judge.", seed: 0, wait: () => Promise.resolve() };

/** Answers from a function; counts how often each question was put. */
function judgeOf(answer: (prompt: string, time: number) => string): ChatModel & { asked: Map<string, number> } {
  const asked = new Map<string, number>();
  const generate: ChatModel["generate"] = async (messages) => {
    const prompt =
      messages
        .at(-1)
        ?.content.map((part) => (part.type === "text" ? part.text : ""))
        .join("") ?? "";
    const time = (asked.get(prompt) ?? 0) + 1;
    asked.set(prompt, time);
    return { text: answer(prompt, time), finish: "stop", promptTokens: null, newTokens: null, logProbabilities: null };
  };
  return { ...scriptedModel(["x"]), generate, asked };
}

test("an error or a vague verdict is asked again; what stays undecided is unjudged and not in the log", async () => {
  const path = join(folder, "verdicts.jsonl");
  const model = judgeOf((prompt, time) => {
    if (prompt.includes("a")) return time < 3 ? "Well..." : "Correct.";
    if (prompt.includes("Is b") && time < 2) throw new Error("overloaded");
    return prompt.includes("Is b") ? "Incorrect" : "I cannot say";
  });
  const onlyWords = questions.map((each) => ({ ...each, prompt: each.prompt.replace("right", "ok") }));
  const log = openJudgeLog(path, config);
  const first = await askJudge({ ...options, questions: onlyWords, model, log, retries: 3 });
  log.close();
  expect(first.verdicts).toEqual(
    new Map([
      ["a", true],
      ["b", false],
    ]),
  );
  expect(first.failed).toMatchObject([{ id: "c", reason: expect.stringContaining("I cannot say") }]);
  expect([...model.asked.values()]).toEqual([3, 2, 4]);

  const again = judgeOf(() => "Correct");
  const reopened = openJudgeLog(path, config);
  const second = await askJudge({ ...options, questions: onlyWords, model: again, log: reopened });
  expect([...again.asked.keys()]).toEqual(["Is c ok?"]);
  expect(second.verdicts).toEqual(
    new Map([
      ["a", true],
      ["b", false],
      ["c", true],
    ]),
  );
  const changed = onlyWords.map((each) => ({ ...each, prompt: `${each.prompt} Really?` }));
  await askJudge({ ...options, questions: changed, model: again, log: reopened });
  expect(again.asked.size).toBe(4);
  reopened.close();
});

test("an aborted judge stops with the signal's reason and keeps what it has", async () => {
  const stop = new AbortController();
  const model = judgeOf(() => {
    stop.abort(new Error("stopped"));
    throw new Error("cut off");
  });
  await expect(askJudge({ ...options, model, signal: stop.signal })).rejects.toThrow(/cut off|stopped/);
});

test.each([
  ["Correct", true],
  ["Incorrect. The man walks.", false],
  ["The prediction is Correct.", true],
  ["Correct is not the word; it is Incorrect", true],
  ["It is Incorrect", false],
  ["correct", null],
  ["", null],
])("the verdict %j is %j", (verdict, expected) => {
  expect(readVerdict(verdict)).toBe(expected);
});

test.each([
  ["Reasoning: it says so.\nAnswer: B. running", true],
  ["Reasoning: x\nAnswer: A. walking", false],
  ["B. running", true],
  ["Answer: B. running or C. jumping", false],
  ["Answer: None of the choices are correct", false],
  ["Answer: B", false],
  ["", null],
])("the verdict on a caption %j is %j where B is right", (verdict, expected) => {
  expect(readCaptionVerdict(verdict, "B. running")).toBe(expected);
});

test("the judge's prompts hold question, answer and prediction as the official scripts put them", () => {
  const question = { video: "v", aspect: "action", place: 0, fine: null, choice: null } as const;
  const truth = tempCompassItem({ ...question, task: "yes_no", question: "Is it?", answer: "yes" });
  expect(truth.judging?.prompt("Perhaps.</s>")).toMatch(
    /^\nYou will receive a Yes\/No question, .*respond "Incorrect"\.\n\nYes\/No Question:\nIs it\?\nGround-Truth Answer: yes\nModel Prediction: Perhaps\.$/s,
  );
  const caption = tempCompassItem({
    ...question,
    task: "captioning",
    question: "",
    answer: "",
    choice: { question: "What?\nA. x", answer: "A. x" },
  });
  const prompt = caption.judging?.prompt("A man.") ?? "";
  expect(prompt).toMatch(/^\nYou will receive a video description/);
  expect(prompt).toContain("A person is palying football.");
  expect(prompt.endsWith("```\n\nVideo Description:A man.\nMulti-Choice Question:\nWhat?\nA. x\n")).toBe(true);
});

test("captions of two models are trimmed as the official scripts trim them", () => {
  expect(trimGeminiCaption('Thoughts.\n**Caption:** "A man runs."')).toBe("A man runs.");
  expect(trimGeminiCaption("A man runs.")).toBe("A man runs.");
  expect(trimRekaCaption('Here it is: "A man runs."')).toBe("A man runs.");
  expect(trimRekaCaption("Information A\nCaption: A man runs.")).toBe("A man runs.");
  expect(trimRekaCaption("A man runs.")).toBe("A man runs.");
  expect(judgedCaption("gemini-1.5-pro", "Caption: A man.")).toBe("A man.");
  expect(judgedCaption("video-llava", "Caption: A man.")).toBe("Caption: A man.");
});
