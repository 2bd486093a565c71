/**
 * Writes the sample videos into web/public/samples: an mp4 and a poster each, and samples.json with their true moments.
 * They are made from scripts and seeds, so nothing of them is kept in the repository.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeJpeg } from "../../src/media/image/index.ts";
import { writeMp4 } from "../../src/media/video/index.ts";
import { durationOf, momentsOf, renderFrame, renderScript } from "../../src/world/index.ts";
import { sampleVideos } from "./sample-scripts.ts";

const size = { width: 336, height: 336 };
const folder = join(import.meta.dirname, "../public/samples");

// They never change but with their scripts: --again makes them anew.
if (existsSync(join(folder, "samples.json")) && !process.argv.includes("--again")) process.exit(0);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const listed = [];
for (const { script, ...about } of sampleVideos) {
  await writeMp4(join(folder, `${about.id}.mp4`), renderScript(script, size), { fps: script.fps, crf: 28 });
  const moments = momentsOf(script);
  const shown = moments.find(({ label }) => about.query.endsWith(label)) ?? moments[0];
  const poster = renderFrame(script, shown === undefined ? 0 : shown.start + 0.6 * (shown.end - shown.start), size);
  writeFileSync(join(folder, `${about.id}.jpg`), await encodeJpeg(poster, { quality: 85 }));
  listed.push({ ...about, duration: durationOf(script), moments });
}
writeFileSync(join(folder, "samples.json"), `${JSON.stringify(listed)}\n`);
process.stderr.write(`${listed.length} sample videos in ${folder}\n`);
