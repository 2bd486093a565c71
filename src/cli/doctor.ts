/**
 * `zoetrope doctor`: is this machine fit, and does this endpoint tell the time right?
 */
import type { Command } from "commander";
import { type ShapeName, shapeNames } from "../chat/index.ts";
import {
  checkEndpoint,
  checkMachine,
  type EndpointReport,
  type Finding,
  formatEndpoint,
  formatMachine,
  type ShapeReport,
} from "../doctor/index.ts";
import { type CommandContext, printJson, printText, thresholdStatus } from "./context.ts";
import { oneOf, positiveNumber } from "./flags.ts";

const examples = `
Examples:
  $ zoetrope doctor
  $ zoetrope doctor --endpoint http://127.0.0.1:8000/v1
  $ zoetrope doctor --endpoint http://127.0.0.1:8000/v1#Qwen/Qwen3-VL-4B-Instruct --shapes frames,video-url --json
  $ zoetrope doctor --endpoint openai:gpt-4o-mini --shapes frames

The endpoint is shown a film of 20 s that is made here (things appear at known seconds; a copy of variable frame rate, one
with a clock burnt in), in every shape, five questions each: how long, when, how far was looked, and whether a rate in the
request changes the number of tokens. The shape to use is remembered for the endpoint.
Exit status 100: no shape was seen to tell the time right.
`;

type DoctorFlags = Readonly<{
  endpoint?: string;
  shapes?: string;
  keyEnv?: string;
  timeout?: string;
  json?: boolean;
}>;

export function registerDoctor(command: Command, context: CommandContext): void {
  command
    .option("--endpoint <reference>", "also examine http://HOST:PORT/v1#MODEL, openai:NAME or gemini:NAME")
    .option("--shapes <names>", `comma-separated, of ${shapeNames.join(", ")} (default: all that the server's API has)`)
    .option("--key-env <name>", "the environment variable that holds the endpoint's key")
    .option("--timeout <seconds>", "how long one answer may take", "120")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((flags: DoctorFlags) => runDoctor(flags, context));
}

async function runDoctor(flags: DoctorFlags, context: CommandContext): Promise<void> {
  const { endpoint: reference, json = false } = flags;
  const shapes = flags.shapes?.split(",").map((name) => oneOf("--shapes", shapeNames, name.trim()));
  const timeout = positiveNumber("--timeout", flags.timeout ?? "120");
  const findings = await checkMachine();
  if (!json) printText(formatMachine(findings));
  const endpoint = reference === undefined ? null : await examine(reference, { flags, shapes, timeout }, context);
  if (json) printJson({ command: "doctor", summary: summaryOf(findings, endpoint), machine: findings, endpoint });
  else if (endpoint) printText(`\n${formatEndpoint(endpoint)}`);
  if (endpoint && endpoint.verdict !== "right") process.exitCode = thresholdStatus;
  if (findings.some(({ status }) => status === "fault")) process.exitCode = 1;
}

type Examination = Readonly<{ flags: DoctorFlags; shapes: readonly ShapeName[] | undefined; timeout: number }>;

async function examine(
  reference: string,
  { flags, shapes, timeout }: Examination,
  context: CommandContext,
): Promise<EndpointReport> {
  let bar: ReturnType<ReturnType<CommandContext["progress"]>["task"]> | undefined;
  const report = await checkEndpoint(reference, {
    timeout,
    ...(shapes && { shapes }),
    ...(shapes?.includes("gemini") && { shape: "gemini" as const }),
    ...(flags.keyEnv !== undefined && { keyName: flags.keyEnv }),
    signal: context.interruptible("Stopping."),
    onNote: (note) => context.progress().note(note),
    onProgress(asked, of, shape) {
      bar ??= context.progress().task("doctor", { total: of, unit: "questions" });
      bar.update(asked, shape);
    },
  });
  bar?.finish("");
  return report;
}

/** Flat: the machine's checks by name, the endpoint's headline, and a few figures of every shape. */
function summaryOf(findings: readonly Finding[], endpoint: EndpointReport | null): Record<string, unknown> {
  const machine = Object.fromEntries(findings.map(({ name, status }) => [name, status]));
  const faults = findings.filter(({ status }) => status === "fault").length;
  if (endpoint === null) return { ...machine, faults };
  const { verdict, recommended, wrong, model, reports, context } = endpoint;
  return {
    ...{ ...machine, faults, endpoint: endpoint.baseUrl, model, context, verdict, recommended },
    wrong: wrong.length,
    ...Object.assign({}, ...reports.map(shapeSummary)),
  };
}

function shapeSummary({ shape, refusal, constant, variable, duration, ...rest }: ShapeReport): Record<string, unknown> {
  const name = shape.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return {
    [`${name}Taken`]: refusal === null,
    [`${name}Constant`]: constant.kind,
    [`${name}Variable`]: variable.kind,
    [`${name}Duration`]: duration,
    [`${name}LastClock`]: rest.lastClock,
    [`${name}Tokens`]: rest.promptTokens,
    [`${name}TokensPerFrame`]: rest.tokensPerFrame,
    [`${name}RateObeyed`]: rest.isRateObeyed,
  };
}
