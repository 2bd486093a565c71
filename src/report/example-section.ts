/** Questions with the frames that the model saw, the options and what each arm answered. */
import { optionLetter, optionLine } from "../core/text/index.ts";
import type { Answer } from "../evals/index.ts";
import type { Sample } from "../tasks/index.ts";
import { html, type Markup } from "./html.ts";
import { armNames, arms, capitalised } from "./interval-chart.ts";
import type { ReportExample } from "./report-data.ts";
import { stripFigure } from "./strip-figure.ts";

export function exampleSection(
  examples: Readonly<{ learnt: readonly ReportExample[]; stillWrong: readonly ReportExample[] }>,
): Markup | null {
  if (examples.learnt.length + examples.stillWrong.length === 0) return null;
  const group = (title: string, text: string, list: readonly ReportExample[]) =>
    list.length === 0
      ? null
      : html`<h3>${title}</h3><p class="lead">${text}</p><div class="cards">${list.map(card)}</div>`;
  return html`<section aria-labelledby="examples-title">
<h2 id="examples-title">Questions and answers</h2>
${group(
  "One question a task",
  "Drawn at random among those that T3 got right and the baseline wrong; any question where there was none.",
  examples.learnt,
)}
${group("Where T3 is still wrong", "Drawn at random among the temporal questions that T3 did not get right.", examples.stillWrong)}
</section>`;
}

function card(example: ReportExample): Markup {
  const { sample } = example.t3;
  const option = (text: string, i: number) =>
    i === sample.answerIndex
      ? html`<li class="right"><span class="letter">${optionLetter(i)}</span>${text}<span class="tag">right answer</span></li>`
      : html`<li><span class="letter">${optionLetter(i)}</span>${text}</li>`;
  return html`<article class="card">
<h4>${capitalised(sample.task)}</h4>
${stripFigure(example.strip)}
<p class="question">${questionOf(sample)}</p>
<ol class="options">${sample.options.map(option)}</ol>
<dl class="answers">${arms.map((arm) => answerRow(armNames[arm], example[arm]))}</dl>
</article>`;
}

function answerRow(name: string, { parsed, correct, reply, sample }: Answer): Markup {
  const said =
    parsed.kind === "choice"
      ? html`${optionLetter(parsed.index)} · ${sample.options[parsed.index] ?? ""}`
      : html`<q>${shortened(reply)}</q> <span class="muted">could not be read: ${parsed.reason}</span>`;
  const verdict = correct
    ? html`<span class="verdict better" role="img" aria-label="right">✓</span>`
    : html`<span class="verdict worse" role="img" aria-label="wrong">✗</span>`;
  return html`<div><dt>${name}</dt><dd>${verdict}<span>${said}</span></dd></div>`;
}

/** The question without its options, which stand below it. */
function questionOf({ question, options }: Sample): string {
  const bare = options.reduce((text, option, i) => text.replace(optionLine(i, option), ""), question);
  return bare
    .replace(/^Options:[\s.]*$/m, "")
    .replace(/[ \t]+/g, " ")
    .replace(/\s*\n\s*/g, "\n")
    .trim();
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
