/**
 * The models that are compared: the baseline, a control, T3's mixtures of training text, and T3 with parts of the decoder.
 */
import type { LessonFamily } from "../micro/temporal-lessons.ts";
import type { FineTuneOptions } from "../transfer/fine-tune.ts";

export const mixtureIds = [
  "baseline",
  "control",
  "tc1x",
  "tc2x",
  "tc4x",
  "tc8x",
  "tcMixed",
  "orderTemplate",
  "referring",
  "grounding",
  "orderTemplateTc1x",
  "groundingTc1x",
  "referringTc1x",
  "t3",
] as const;
export type MixtureId = (typeof mixtureIds)[number];
export type ModelId = MixtureId | "attentionOnly" | "mlpOnly";
export const modelIds: readonly ModelId[] = [...mixtureIds, "attentionOnly", "mlpOnly"];

/** The twelve fine-tuned models of Fig. 5. */
export const temporalIds = mixtureIds.filter((id) => id !== "baseline" && id !== "control");
/** Models of Fig. 6a and of Fig. 6b. */
export const moduleIds = ["t3", "attentionOnly", "mlpOnly"] as const;
export const frameIds = ["baseline", "tc1x", "tc2x", "tc4x", "tc8x"] as const;

export const names: Readonly<Record<ModelId, string>> = {
  baseline: "Baseline",
  control: "Control: static text",
  tc1x: "TC 1x",
  tc2x: "TC 2x",
  tc4x: "TC 4x",
  tc8x: "TC 8x",
  tcMixed: "TC 1x, 2x, 4x, 8x",
  orderTemplate: "Order template",
  referring: "Referring",
  grounding: "Grounding",
  orderTemplateTc1x: "Order template + TC 1x",
  groundingTc1x: "Grounding + TC 1x",
  referringTc1x: "Referring + TC 1x",
  t3: "T3 (all)",
  attentionOnly: "T3, attention only",
  mlpOnly: "T3, MLP only",
};

type Training = Pick<FineTuneOptions, "arm" | "text" | "modules">;

/** Tokens that a row may have: the longest texts are those of 8x. */
const room = 384;

/** Temporal change with so many lines for each thing, with other families in lines of any number as in `reproduce t3`. */
function change(lines: readonly number[], ...others: readonly LessonFamily[]): Training {
  const lessons = { families: ["order", "attribute", ...others] as const, padding: { order: lines, attribute: lines } };
  return { arm: "t3", text: { lessons, room } };
}

function alone(family: LessonFamily): Training {
  return { arm: "t3", text: { lessons: { families: [family] }, room } };
}

const trainings: Readonly<Record<Exclude<ModelId, "baseline">, Training>> = {
  control: { arm: "control", text: { room } },
  tc1x: change([1]),
  tc2x: change([2]),
  tc4x: change([4]),
  tc8x: change([8]),
  tcMixed: change([1, 2, 4, 8]),
  orderTemplate: alone("order template"),
  referring: alone("referring"),
  grounding: alone("grounding"),
  orderTemplateTc1x: change([1], "order template"),
  groundingTc1x: change([1], "grounding"),
  referringTc1x: change([1], "referring"),
  t3: { arm: "t3", text: { room } },
  attentionOnly: { arm: "t3", text: { room }, modules: "self_attn" },
  mlpOnly: { arm: "t3", text: { room }, modules: "mlp" },
};

/** What a model is trained on, and which part of it; undefined for the baseline, which is not. */
export function trainingOf(id: ModelId): Training | undefined {
  return id === "baseline" ? undefined : trainings[id];
}
