/** Draws docs/images/world-compass.png: conflicts of every fine aspect of world-compass, eight frames of each video. */
import sharp from "sharp";
import { evenTimeline } from "../src/core/time/index.ts";
import { encodePng, hstack } from "../src/media/image/index.ts";
import { samplers } from "../src/media/sampling/index.ts";
import { videosOfARound, worldCompass } from "../src/synthesis/index.ts";
import { clockOfFilm, type Film, renderFilmFrame } from "../src/world/index.ts";

const [side, gap, label, rowsShown] = [40, 2, 282, 3];
const [rowHeight, headHeight, blockGap] = [side + gap, 20, 10];
const columnWidth = label + 8 * (side + gap) + 24;

const { conflicts } = worldCompass({ seed: 3, videos: videosOfARound });
const shown = conflicts.filter(({ fine, subject }, i) => {
  // Both kinds of order: of three items, and of two events cut together.
  return subject === "the video" || conflicts.findIndex((other) => other.fine === fine) === i;
});

async function strip(film: Film): Promise<string> {
  const { frames, fps } = clockOfFilm(film);
  const indices = samplers.linspace(evenTimeline(frames, fps), 8);
  const drawn = indices.map((index) => renderFilmFrame(film, index, { width: side, height: side }));
  return `data:image/png;base64,${Buffer.from(await encodePng(hstack(drawn, gap))).toString("base64")}`;
}

const heights = [0, 0];
const parts: string[] = [];
for (const conflict of shown) {
  const column = (heights[0] as number) <= (heights[1] as number) ? 0 : 1;
  const [left, top] = [column * columnWidth + 12, (heights[column] as number) + 12];
  parts.push(`<text class="head" x="${left}" y="${top + 13}">${conflict.fine.replace("&", "&amp;")}</text>`);
  const videos = conflict.videos.slice(0, rowsShown);
  for (const [i, { film }] of videos.entries()) {
    const y = top + headHeight + i * rowHeight;
    const words = (conflict.claims[i] as string).split(" ");
    const half = words.join(" ").length > 34 ? Math.ceil(words.length / 2) : words.length;
    const lines = [words.slice(0, half), words.slice(half)].map((line) => line.join(" ")).filter(Boolean);
    const first = y + side / 2 + 4 - (lines.length - 1) * 8;
    parts.push(
      ...lines.map((line, l) => `<text x="${left}" y="${first + 16 * l}">${line}</text>`),
      `<image x="${left + label}" y="${y}" width="${8 * side + 7 * gap}" height="${side}" href="${await strip(film)}"/>`,
    );
  }
  heights[column] = (heights[column] as number) + headHeight + videos.length * rowHeight + blockGap;
}
const [width, height] = [2 * columnWidth, Math.max(...heights) + 16];
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
<style>text{font:13px sans-serif;fill:#333}.head{font-weight:bold;fill:#000}</style>
<rect width="100%" height="100%" fill="#fff"/>${parts.join("\n")}</svg>`;
const path = "docs/images/world-compass.png";
const { size } = await sharp(Buffer.from(svg)).png({ palette: true, colours: 64, dither: 0 }).toFile(path);
console.log(`${path}: ${width} x ${height}, ${size} bytes`);
