/** What the ask panel remembers: who answers and how. In the address, but for the key of an endpoint, which stays in memory. */
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

const endpointName = "endpoint";

/** Where nothing is chosen: what zoetrope-micro says of every frame is surer than what its sister says of all at once. */
export function defaultModel(models: readonly ListedModel[]): string {
  const names = models.map(({ name }) => name);
  return names.find((name) => name === "zoetrope-micro") ?? names[0] ?? "zoetrope-micro";
}

/** A model made for moments is asked in one question; one that only knows what it sees, frame by frame. */
export function defaultReadout(model: ModelChoice): Readout {
  return model.kind === "local" && !model.name.includes("grounding") ? "by frame" : "direct";
}

/** Settings from the address. */
export function readSettings(
  values: Readonly<Record<string, string>>,
  models: readonly ListedModel[],
  key: string,
): AskSettings {
  const model: ModelChoice =
    values.model === endpointName
      ? { kind: "endpoint", url: values.url ?? "http://127.0.0.1:8000/v1", model: values.name ?? "", key }
      : { kind: "local", name: models.find(({ name }) => name === values.model)?.name ?? defaultModel(models) };
  const readout =
    model.kind === "endpoint"
      ? "direct"
      : values.readout === "direct" || values.readout === "by frame"
        ? values.readout
        : defaultReadout(model);
  const prompt = prompts.find(({ value }) => value === values.prompt)?.value ?? "numpro";
  return {
    intent: values.ask === "question" ? "question" : "when",
    text: values.q ?? "",
    model,
    readout,
    prompt,
    fps: positive(values.fps) ?? (readout === "by frame" ? 4 : 1),
    budget: positive(values.frames) ?? 64,
  };
}

function positive(text: string | undefined): number | undefined {
  const number = Number(text);
  return number > 0 && number < 1e4 ? number : undefined;
}
