/** Draws docs/images/overlay.png: a world video at one frame a second with NumPro's numbers, with a clock, and its true moments. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { Rng } from "../src/core/math/index.ts";
import { encodePng, hstack } from "../src/media/image/index.ts";
import { clockLabels, numbersByTime, type VisualPrompt, visualPrompt } from "../src/media/overlay/index.ts";
import { sampleFrames } from "../src/media/sampling/index.ts";
import { openVideo } from "../src/media/video/index.ts";
import { momentsOf, orderScript, trainVocabulary, writeWorldVideo } from "../src/world/index.ts";

const [side, gap, columns] = [136, 4, 8];
const folder = mkdtempSync(join(tmpdir(), "overlay-sheet-"));
const path = join(folder, "clip.mp4");
const script = orderScript(new Rng(4), trainVocabulary, {
  frames: 8 * columns,
  fps: 8,
  count: 3,
  background: "black",
});
await writeWorldVideo(path, script, { width: 336, height: 336 });
await using video = await openVideo(path);
const frames = await sampleFrames(video, "fps", columns);

async function strip(prompt: VisualPrompt): Promise<string> {
  const drawn = await encodePng(
    hstack(
      frames.map((frame) => prompt(frame).image),
      Math.round(gap * (336 / side)),
    ),
  );
  return `data:image/png;base64,${Buffer.from(drawn).toString("base64")}`;
}

const width = columns * (side + gap) - gap;
const rows = [
  { title: "zoetrope overlay clip.mp4 -o numbered.mp4", image: await strip(visualPrompt(numbersByTime())) },
  {
    title: "zoetrope overlay clip.mp4 --clock --color white --position top-left -o clock.mp4",
    image: await strip(visualPrompt(clockLabels(), { color: "white", position: "top-left" })),
  },
];
const rowHeight = side + 34;
const images = rows.map(({ title, image }, i) => {
  const y = 24 + i * rowHeight;
  return `<text class="code" x="0" y="${y - 8}">${title}</text><image x="0" y="${y}" width="${width}" height="${side}" href="${image}"/>`;
});
const top = 24 + rows.length * rowHeight - 10;
const xAt = (seconds: number) => (seconds / video.duration) * (width + gap);
const colours = ["#1f5fd0", "#b3610b", "#146c43"];
const moments = momentsOf(script);
// A thing is there while it moves, too: the first moment of each span is enough here.
const shown = moments.filter(({ start }, i) => moments.findIndex((other) => other.start === start) === i);
const bars = shown.map(({ start, end, label }, i) => {
  const [left, right] = [xAt(start), xAt(end) - gap];
  return `<rect x="${left}" y="${top}" width="${right - left}" height="20" rx="3" fill="${colours[i % colours.length]}"/>
<text x="${left + 8}" y="${top + 14}" fill="#fff">${label}</text><text x="${left}" y="${top + 38}" fill="#555">${start.toFixed(2)} s to ${end.toFixed(2)} s</text>`;
});
const height = top + 48;
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width + 24}" height="${height + 12}" viewBox="-12 -6 ${width + 24} ${height + 12}">
<style>text{font:13px sans-serif}.code{font-family:monospace;fill:#333}</style><rect x="-12" y="-6" width="100%" height="100%" fill="#fff"/>
${images.join("\n")}${bars.join("\n")}</svg>`;
const output = "docs/images/overlay.png";
const { size } = await sharp(Buffer.from(svg)).png({ palette: true, colours: 256, dither: 0 }).toFile(output);
console.log(`${output}: ${width + 24} x ${height + 12}, ${size} bytes`);
rmSync(folder, { recursive: true });
