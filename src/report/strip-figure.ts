/** The frames that a model saw, with their seconds below. */
import type { FrameStrip } from "./frame-strip.ts";
import { html, type Markup } from "./html.ts";

export function stripFigure({ jpeg, width, height, times }: FrameStrip): Markup {
  const seconds = times.map((time) => `${time.toFixed(1)} s`);
  // Of many frames the seconds alone find room, and those of every other one.
  const isMany = times.length > 12;
  const below = isMany ? times.map((time, i) => (i % 2 === 0 ? time.toFixed(1) : "")) : seconds;
  const source = `data:image/jpeg;base64,${Buffer.from(jpeg).toString("base64")}`;
  return html`<figure class="strip" style="--frames:${times.length}">
<div class="strip-image"><img src="${source}" width="${width}" height="${height}" alt="${times.length} frames at ${seconds.join(", ")}"></div>
<figcaption aria-hidden="true">${below.map((text) => html`<span>${text}</span>`)}</figcaption>
</figure>`;
}
