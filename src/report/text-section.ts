/** Sample rows of the two training texts, as the model reads them. */
import { html, type Markup } from "./html.ts";
import type { TextRow } from "./report-data.ts";

export function textSection(texts: Readonly<{ t3: readonly TextRow[]; control: readonly TextRow[] }>): Markup | null {
  if (texts.t3.length + texts.control.length === 0) return null;
  const column = (title: string, note: string, rows: readonly TextRow[]) =>
    html`<div><h3>${title}</h3><p class="muted">${note}</p>${rows.map(textRow)}</div>`;
  return html`<section aria-labelledby="texts-title">
<h2 id="texts-title">What the training text looks like</h2>
<p class="lead">Three rows of each, as they went in. The answer, set apart, is all that the loss counts.</p>
<div class="columns">
${column("T3", "A list of captions stands for a video; the question is about their order.", texts.t3.slice(0, 3))}
${column("Control", "Text with nothing to do with time, of the same amount.", texts.control.slice(0, 3))}
</div>
</section>`;
}

function textRow({ family, prompt, answer }: TextRow): Markup {
  return html`<article class="text-row"><h4>${family}</h4><pre tabindex="0">${prompt}</pre><p class="target"><span class="sr">Answer: </span>${answer}</p></article>`;
}
