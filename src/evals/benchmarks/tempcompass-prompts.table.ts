/**
 * TempCompass's prompts, character for character, spelling mistakes included (llyx97/TempCompass, prompt_templates.py and
 * README, CC BY-NC 4.0): a changed word would be another benchmark.
 */
import type { TempCompassTask } from "./tempcompass-data.ts";

/** What stands behind a question. Captioning questions end with "Generated Caption:" already. */
export const answerPrompts: Readonly<Record<TempCompassTask, string>> = {
  "multi-choice": "\nPlease directly give the best option:",
  yes_no: "\nPlease answer yes or no:",
  caption_matching: "\nPlease directly give the best option:",
  captioning: "",
};

/** The judge's system turn. */
export const judgeSystem = "You are an AI assistant for question answering.";

/** How the judge's prompt names a kind of question, in the running text and as a heading. */
export const judgeQuestions: Readonly<Record<Exclude<TempCompassTask, "captioning">, readonly [string, string]>> = {
  "multi-choice": ["multi-choice question", "Multi-Choice Question"],
  yes_no: ["Yes/No question", "Yes/No Question"],
  caption_matching: ["caption matching question", "Caption Matching Question"],
};

/** The opening of the judge's prompt for a kind of question. */
export const judgeOpening = (question: string) => `
You will receive a ${question}, the ground-truth answer and the prediction from a question answering (QA) model. \
Your task is to determine whether QA model prediction is correct, based on the question and ground-truth answer. \
If the prediction is correct, respond "Correct". If the prediction is incorrect, respond "Incorrect".
`;

/** The opening of the judge's prompt for captions, from which alone the judge answers a multiple-choice question. */
export const captionJudgeOpening = `
You will receive a video description and a multi-choice question. Your task is to choose the correct answer and briefly explain the reason why you choose the answer. \
If none of the choice candidates are correct or the video description lacks enough information to answer the question, just answer "None of the choices are correct". \
Please organize your response in this format:
\`\`\`
Reasoning: [Your reason to obtain the answer]
Answer: [Your answer]
\`\`\`

Here are some examples of video description, multi-choice question and the expected answer:
\`\`\`
Video Description: A person is palying football.
Multi-Choice Question:
What is the person doing in the video?
A. cooking
B. palying football
C. playing basketball
D. reading book
Reasoning: The video description mentions that the person is playing football.
Answer: B. palying football

Video Description: A bird is flying clockwise.
Multi-Choice Question:
In which direction is the bird flying?
A. backwark
B. counter-clockwise
C. clockwise
D. downward
Reasoning: The video description mentions that the bird is flying clockwise
Answer: C. clockwise

Video Description: An air balloon is inflating.
Multi-Choice Question:
What is happening to the air balloon?
A. exploding
B. getting smaller
C. flying
Reasoning: The video description mentions that the air balloon is inflating, while none of the coices can be explained as inflating.
Answer: None of the choices are correct
\`\`\`
`;
