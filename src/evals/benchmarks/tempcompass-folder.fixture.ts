/** A small made-up benchmark in TempCompass's layout, and prediction files that go with it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Two questions a task for each video: which colour (aspect action, gold A) and which order (aspect order, gold B). */
export function writeTempCompassFolder(folder: string, videos: readonly string[]): void {
  const choices = [
    { question: "What is shown?\nA. a red circle\nB. a blue square\nC. a green star", answer: "A. a red circle" },
    { question: "What comes first?\nA. the square\nB.the circle\n C. both at once", answer: "B. the circle" },
  ];
  const truths = [
    { question: "Is a red circle shown?", answer: "yes" },
    { question: "Does the square come first?", answer: "no" },
  ];
  const captions = [
    {
      question:
        "Which caption matches the video better?\nCaption A: A red circle is shown.\nCaption B: A blue square is shown.",
      answer: "Caption A: A red circle is shown.",
    },
    {
      question:
        "Which description is a more suitable match for the video?\nOption 1: The square comes first.\nOption 2: The circle comes first.",
      answer: "Option 2: The circle comes first.",
    },
  ];
  const told = choices.map(({ answer }) => ({
    question: "You will be presented with a video and several pieces of information.\nGenerated Caption:",
    answer,
  }));
  const files = { "multi-choice": choices, yes_no: truths, caption_matching: captions, captioning: told };
  for (const [task, [action, order]] of Object.entries(files)) {
    const file = Object.fromEntries(videos.map((video) => [video, { action: [action], order: [order] }]));
    writeJson(join(folder, "questions", `${task}.json`), file);
  }
  const meta = videos.map((video) => [video, { eval_dim: { action: { type: "fine-grained action" }, order: null } }]);
  writeJson(join(folder, "meta_info.json"), Object.fromEntries(meta));
}

/** Write a file with its folder. */
export function writeJson(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
}
