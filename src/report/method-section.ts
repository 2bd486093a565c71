/** How the figures were made, with everything needed to make them again. */
import type { TransferTable } from "../evals/index.ts";
import { count, counted } from "./format-number.ts";
import { type Content, html, type Markup } from "./html.ts";
import type { Provenance } from "./report-data.ts";

export function methodSection(made: Provenance, { questions, videos }: TransferTable): Markup {
  return html`<section aria-labelledby="method-title">
<h2 id="method-title">How this was made</h2>
<ol class="steps">
<li><strong>Ask.</strong> The baseline answers ${counted(questions, "question")} about ${counted(videos, "video file")}; options are shuffled.</li>
<li><strong>Write.</strong> Temporal questions are made in text only, from captions of single images.</li>
<li><strong>Train.</strong> The decoder trains on that text; vision tower and projector stay as they were. No image, no video.</li>
<li><strong>Control.</strong> A second copy trains as long on text that is not about time.</li>
<li><strong>Ask again.</strong> The very same questions, the same frames, the same reading of replies.</li>
</ol>
${factsOf(made)}
${intervalNote(made.seeds.length, "video")}
</section>`;
}

/** Everything needed to make the figures again, and what training never saw. */
export function factsOf(made: Provenance): Markup {
  const entry = (name: string, value: Content) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  return html`<dl class="facts">
${entry("Command", html`<code>${made.command}</code>`)}
${entry("Checkpoint", html`${made.model} <code>${made.fingerprint}</code>`)}
${entry("Commit", html`<code>${made.commit}</code>`)}
${entry(made.seeds.length === 1 ? "Seed" : "Seeds", made.seeds.join(", "))}
${entry("Frames", made.sampler)}
${entry("Machine", made.machine)}
${entry("Time taken", duration(made.seconds))}
${made.counts.map((item) => entry(item.what, count(item.count)))}
</dl>
${made.heldOut.length === 0 ? null : html`<h3>What training never saw</h3><ul class="plain">${made.heldOut.map((text) => html`<li>${text}</li>`)}</ul>`}`;
}

/** What the intervals say and do not say; `what` is what was resampled. */
export function intervalNote(seeds: number, what: "video" | "film"): Markup {
  return html`<h3>How to read the intervals</h3>
<p class="note">They say how far a figure could move with other ${what}s of the same kind${
    seeds > 1
      ? ", and with other seeds as far as these few can tell"
      : "; with one seed they say nothing about other seeds"
  }. Questions about one ${what} are kept together when resampling. Where every ${what} agrees, the exact binomial bound takes the place of
resampling. Nothing here speaks for other models or for filmed video.</p>`;
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}
