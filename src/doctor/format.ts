/**
 * Findings as text for people.
 */

import { type EndpointReport, type EndpointVerdict, isRight } from "./check-endpoint.ts";
import type { Finding } from "./check-machine.ts";
import { clipDuration, clipEvents } from "./clock-clip.ts";
import type { ShapeReport } from "./shape-report.ts";
import { verdictText } from "./verdict.ts";

const marks = { ok: "  ", note: "- ", fault: "! " } as const;

/** A line a finding; what is to be done stands below it. */
export function formatMachine(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  return findings
    .map(({ name, status, detail, remedy }) => {
      const line = `${marks[status]}${name.padEnd(width)}  ${detail}`;
      return status === "ok" || remedy === undefined ? line : `${line}\n${" ".repeat(width + 4)}${remedy}`;
    })
    .join("\n");
}

const verdicts: Readonly<Record<EndpointVerdict, string>> = {
  right: "tells the time right",
  "constant rates only": "tells the time right at a constant frame rate, wrong at a variable one",
  wrong: "TELLS THE TIME WRONG",
  unclear: "cannot be judged: the answers fit no rule, which may be the model's doing",
  "no pictures": "takes neither pictures nor videos",
};

/** What every shape was said to show, and which one to use. */
export function formatEndpoint(report: EndpointReport): string {
  const { baseUrl, model, owner, context, verdict, reports, recommended, wrong } = report;
  const about = [owner, context === null ? null : `context ${context.toLocaleString("en")}`].filter(
    (part) => part !== null,
  );
  const others =
    verdict === "right" && wrong.length > 0 ? ` in some shapes and WRONG in others (${wrong.join(", ")})` : "";
  const lines = [
    `${model} at ${baseUrl}${about.length === 0 ? "" : ` (${about.join(", ")})`} ${verdicts[verdict]}${others}.`,
    `The film lasts ${clipDuration} s; ${clipEvents.map(({ name, start }) => `${name} at ${start}`).join(", ")} s.`,
    "",
    ...reports.flatMap(shapeLines),
  ];
  if (recommended !== null) {
    const chosen = reports.find(({ shape }) => shape === recommended) as ShapeReport;
    const caution = isRight(chosen) ? "" : " It was not seen to tell the time right.";
    lines.push("", `Use --shape ${recommended}; it is remembered for this endpoint.${caution}`);
  }
  for (const shape of wrong) lines.push(`Do not use --shape ${shape} for questions about time.`);
  return lines.join("\n");
}

function shapeLines(report: ShapeReport): string[] {
  const { shape, refusal, duration, constantTimes, variableTimes, constant, variable } = report;
  if (refusal !== null) return [`${shape}: not taken (${refusal})`];
  const list = (times: readonly (number | null)[]) => times.map((time) => time ?? "?").join(", ");
  if ([constant, variable].every(({ kind }) => kind === "unread"))
    return [
      `${shape}: taken, but there are no times in the answers (${quoted(report)})`,
      ...tokenFacts(report).map(indented),
    ];
  const facts = [
    `constant rate ${verdictText(constant)} (${list(constantTimes)}; ${duration ?? "?"} s long)`,
    `variable rate ${verdictText(variable)} (${list(variableTimes)})`,
    ...lookedAt(report),
    ...tokenFacts(report),
  ];
  return [`${shape}:`, ...facts.map(indented)];
}

function indented(fact: string): string {
  return `    ${fact}`;
}

/** The beginning of what was said. */
function quoted({ answers }: ShapeReport): string {
  return [...new Set(answers)].map((answer) => JSON.stringify(answer.slice(0, 40))).join(", ");
}

function lookedAt({ lastClock }: ShapeReport): string[] {
  if (lastClock === null) return ["the clock in the last picture was not read"];
  const isShort = lastClock < clipDuration - 3;
  return [`the last picture shows second ${lastClock}${isShort ? `: the rest of the film was NOT looked at` : ""}`];
}

function tokenFacts({ promptTokens, tokensPerFrame, isRateObeyed }: ShapeReport): string[] {
  if (promptTokens === null) return ["tokens are not counted"];
  const each = tokensPerFrame === null ? "" : `, ${tokensPerFrame.toFixed(0)} a frame`;
  const rate = isRateObeyed === null ? "" : isRateObeyed ? "; fps is obeyed" : "; fps is IGNORED";
  return [`${promptTokens.toLocaleString("en")} tokens at one frame a second${each}${rate}`];
}
