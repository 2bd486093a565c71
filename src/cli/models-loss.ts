/**
 * `zoetrope models loss`: what quantised weights cost a checkpoint, measured on a text.
 */
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { checkpointFolder } from "../chat/index.ts";
import { Rng } from "../core/math/index.ts";
import { type QuantisationLoss, quantisationLoss } from "../nn/models/index.ts";
import { captionAt, durationOf, eventsScript, wholeVocabulary } from "../world/index.ts";
import { printJson, printText } from "./context.ts";
import { oneOf } from "./flags.ts";

const examples = `
Examples:
  $ zoetrope models loss micro
  $ zoetrope models loss ~/Qwen2-VL-2B-Instruct --weights int4 --text captions.txt --json

Reads at most 256 tokens of the text with the checkpoint as float32 and with quantised weights, one after the other in memory.
Without --text the text is captions of the synthetic world. What it costs in answers: zoetrope eval BENCHMARK --weights int4.
`;

type LossFlags = Readonly<{ weights?: string; text?: string; json?: boolean }>;

export function registerModelsLoss(models: Command): void {
  models
    .command("loss")
    .argument("<model>", "a checkpoint folder or a shipped model")
    .description("what quantised weights cost: perplexity and next tokens against float32")
    .option("--weights <type>", "int8 or int4 (default: both)")
    .option("--text <file>", "what to read (default: captions of the synthetic world)")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((model: string, flags: LossFlags) => runLoss(model, flags));
}

async function runLoss(model: string, flags: LossFlags): Promise<void> {
  const types =
    flags.weights === undefined
      ? (["int8", "int4"] as const)
      : [oneOf("--weights", ["int8", "int4"] as const, flags.weights)];
  const text = flags.text === undefined ? worldText() : readFileSync(flags.text, "utf8");
  const losses: QuantisationLoss[] = [];
  for (const type of types) losses.push(await quantisationLoss(checkpointFolder(model), type, text));
  if (flags.json) {
    const summary = Object.fromEntries(
      losses.flatMap(({ type, ...figures }) =>
        Object.entries(figures).map(([name, value]) => [`${type}.${name}`, value] as const),
      ),
    );
    printJson({ command: "models loss", model, summary, text: flags.text ?? "captions of the synthetic world" });
    return;
  }
  for (const { type, tokens, perplexityFloat32, perplexity, klDivergence, sameToken, relativeError } of losses) {
    printText(
      [
        `${type}: perplexity ${perplexity.toFixed(3)} (float32 ${perplexityFloat32.toFixed(3)})`,
        `KL divergence ${klDivergence.toExponential(1)} nats`,
        `the same likeliest token at ${(100 * sameToken).toFixed(1)} % of ${tokens} places`,
        `log-probabilities moved by ${(100 * relativeError).toFixed(2)} %`,
      ].join(", "),
    );
  }
}

/** What scenes of some scripts show, a sentence each. */
function worldText(): string {
  const rng = new Rng("text for quantised weights");
  const scripts = Array.from({ length: 40 }, (_, i) => eventsScript(rng.fork(i), wholeVocabulary));
  return scripts.map((script) => captionAt(script, durationOf(script) / 2)).join(" ");
}
