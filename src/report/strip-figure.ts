/** The frames that a model saw, with their seconds below. */
import type { FrameStrip } from "./frame-strip.ts";
import { html, type Markup } from "./html.ts";

export function stripFigure({ jpeg, width, height, times }: FrameStrip): Markup {
  const seconds = times.map((time) => `${time.toFixed(1)} s`);
  const source = `data:image/jpeg;base64,${Buffer.from(jpeg).toString("base64")}`;
  return html`<figure class="strip" style="--frames:${times.length}">
<div class="strip-image"><img src="${source}" width="${width}" height="${height}" alt="${times.length} frames at ${seconds.join(", ")}"></div>
<figcaption aria-hidden="true">${seconds.map((text) => html`<span>${text}</span>`)}</figcaption>
</figure>`;
}
