/** What the ask panel remembers: who answers and how. In the address, but for the key of an endpoint, which stays in memory. */
import type { PageShape } from "zoetrope/chat";
import type { GroundingPrompt } from "zoetrope/tasks";
import type { ListedModel, ModelChoice, Readout } from "../engine/protocol.ts";

export type AskSettings = Readonly<{
  intent: "when" | "question";
  text: string;
  model: ModelChoice;
  readout: Readout;
  prompt: GroundingPrompt;
  fps: number;
  budget: number;
}>;

export const prompts: readonly Readonly<{ value: GroundingPrompt; text: string }>[] = [
  { value: "numpro", text: "Numbers on frames (NumPro)" },
  { value: "times", text: "Frame times as text" },
  { value: "numpro-2024", text: "NumPro, wording of 2024" },
  { value: "numpro-ft", text: "NumPro-FT" },
  { value: "vtimellm", text: "VTimeLLM, hundredths" },
];

/** How frames travel to an endpoint. */
export const shapes: readonly Readonly<{ value: PageShape; text: string }>[] = [
  { value: "frames", text: "Pictures behind their times (any server)" },
  { value: "frames-metadata", text: "One video with its frames' clock (vLLM)" },
];

const endpointName = "endpoint";

/** Where nothing is chosen: what zoetrope-micro says of every frame is surer than what its sister says of all at once. */
const usual = "zoetrope-micro";
const readouts: readonly Readout[] = ["by frame", "direct"];

/** Settings from the address; what it leaves open is as the model was taught. */
export function readSettings(
  values: Readonly<Record<string, string>>,
  models: readonly ListedModel[],
  key: string,
): AskSettings {
  const isEndpoint = values.model === endpointName;
  const listed = [values.model, usual, models[0]?.name].map((name) => models.find((each) => each.name === name));
  const local = listed.find((each) => each !== undefined);
  const model: ModelChoice = isEndpoint
    ? {
        kind: "endpoint",
        url: values.url ?? "http://127.0.0.1:8000/v1",
        model: values.name ?? "",
        key,
        shape: shapes.find(({ value }) => value === values.shape)?.value ?? "frames",
      }
    : { kind: "local", name: local?.name ?? usual };
  const habits = isEndpoint ? undefined : local?.habits;
  const wished = readouts.find((each) => each === values.readout);
  const readout = isEndpoint ? "direct" : (wished ?? (habits === undefined ? "by frame" : "direct"));
  const prompt = values.prompt ?? habits?.prompt;
  return {
    intent: values.ask === "question" ? "question" : "when",
    text: values.q ?? "",
    model,
    readout,
    prompt: prompts.find(({ value }) => value === prompt)?.value ?? "numpro",
    fps: positive(values.fps) ?? (readout === "by frame" ? 4 : (habits?.fps ?? 1)),
    budget: positive(values.frames) ?? 64,
  };
}

function positive(text: string | undefined): number | undefined {
  const number = Number(text);
  return number > 0 && number < 1e4 ? number : undefined;
}
