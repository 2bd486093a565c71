/**
 * NumPro's design study (arXiv 2411.10332, section 3.2): numbers of every size, colour and place on pictures with captions. Can a
 * model still tell the number (NumberAcc), and still tell the picture (CaptionAcc)?
 *
 * Number i mod 100 stands on picture i. NumberAcc: its text is nearest among "0" to "99"; CaptionAcc: its caption is nearest among
 * all captions.
 */
import { join } from "node:path";
import { writeAtomically } from "../../src/core/files/index.ts";
import { type Estimate, Rng } from "../../src/core/math/index.ts";
import { accuracy } from "../../src/core/metrics/index.ts";
import { drawText, type OverlayStyle, overlayPositions } from "../../src/media/overlay/index.ts";
import { type OverlayPoint, writeOverlayReport } from "../../src/report/index.ts";
import type { OverlayStudyOptions, RecipeContext, RecipeResult } from "../recipe.ts";
import { openEmbedder } from "./embedder.ts";
import { type CaptionedPicture, filePairs, worldPairs } from "./pairs.ts";

/** Table 3's dials, and the paper's choice. */
const sizes = [20, 40, 60, 80] as const;
const colors = ["red", "blue", "black", "green"] as const;
const chosen = { fontSize: 40, color: "red", position: "bottom-right" } as const;

type Design = Required<Pick<OverlayStyle, "fontSize" | "position">> & Readonly<{ color: (typeof colors)[number] }>;

/** Every design of the grid, or the chosen one with one dial turned at a time. */
export function designs(isGrid: boolean): Design[] {
  const all = sizes.flatMap((fontSize) =>
    colors.flatMap((color) => overlayPositions.map((position) => ({ fontSize, color, position }))),
  );
  const turned = (design: Design) =>
    +(design.fontSize !== chosen.fontSize) + +(design.color !== chosen.color) + +(design.position !== chosen.position);
  return isGrid ? all : all.filter((design) => turned(design) <= 1);
}

/** Run the study: figures for every design, the plot, and the design that balances both best. */
export async function overlayStudy(options: OverlayStudyOptions, context: RecipeContext): Promise<RecipeResult> {
  const { model, pictures: count, seed, grid, pairs: file } = options;
  const folder = options.folder ?? join("runs", "overlay-study");
  const pairs =
    file === undefined ? worldPairs(seed, count) : await filePairs(file.captions, { folder: file.images, seed, count });
  const embedder = openEmbedder(model);
  try {
    const captions = await embedder.texts(pairs.map(({ caption }) => caption));
    const numbers = await embedder.texts(Array.from({ length: 100 }, (_, k) => String(k)));
    const list: (Design | null)[] = [null, ...designs(grid)];
    const bar = context.progress.task("overlay study", { total: list.length, unit: "designs" });
    const points: OverlayPoint[] = [];
    for (const [i, design] of list.entries()) {
      context.signal.throwIfAborted();
      const images = await embedder.images(numbered(pairs, design), context.signal);
      const rng = new Rng(`overlay-study/${seed}/${i}`);
      const outcome = (correct: boolean, k: number) => ({ correct, cluster: String(k) });
      const caption = accuracy(
        images.map((image, k) => outcome(nearest(image, captions) === k, k)),
        { rng },
      );
      const number = accuracy(
        images.map((image, k) => outcome(nearest(image, numbers) === k % 100, k)),
        { rng },
      );
      points.push({ design: design ?? "no number", number: design ? number : emptied(number), caption });
      bar.update(i + 1, nameOf(design ?? "no number"));
    }
    bar.finish();
    return conclude(points, { folder, options, space: embedder.space });
  } finally {
    await embedder.dispose();
  }
}

function numbered(pairs: readonly CaptionedPicture[], design: Design | null) {
  return pairs.map(({ image }, i) => (design === null ? image : drawText(image, String(i % 100), design)));
}

/** Index of the candidate of the largest cosine; all are of unit length. */
function nearest(vector: Float32Array, candidates: readonly Float32Array[]): number {
  let [best, at] = [Number.NEGATIVE_INFINITY, -1];
  for (const [i, candidate] of candidates.entries()) {
    let dot = 0;
    for (let k = 0; k < vector.length; k++) dot += (vector[k] as number) * (candidate[k] as number);
    if (dot > best) [best, at] = [dot, i];
  }
  return at;
}

/** Without a number there is nothing to tell. */
function emptied(estimate: Estimate): Estimate {
  return { ...estimate, n: 0, clusters: 0, value: null, low: null, high: null };
}

type Conclusion = Readonly<{ folder: string; options: OverlayStudyOptions; space: string }>;

function conclude(points: readonly OverlayPoint[], { folder, options, space }: Conclusion): RecipeResult {
  const measured = points.filter(({ design }) => design !== "no number");
  const balance = ({ number, caption }: OverlayPoint) => {
    const [a, b] = [number.value ?? 0, caption.value ?? 0];
    return a + b === 0 ? 0 : (2 * a * b) / (a + b);
  };
  const best = measured.toSorted((a, b) => balance(b) - balance(a))[0] as OverlayPoint;
  const own = measured.find(({ design }) => nameOf(design) === nameOf(chosen)) as OverlayPoint;
  const bare = points[0] as OverlayPoint;
  // The first candidate of 100 is no better than any other; the first caption neither.
  const chance = { number: 1, caption: 100 / options.pictures };
  const isReader =
    (own.number.low ?? 0) > chance.number || measured.some(({ number }) => (number.low ?? 0) > 3 * chance.number);
  const { model, pictures, seed, grid, pairs } = options;
  const command = `zoetrope reproduce overlay-study --model ${model} --pictures ${pictures} --seed ${seed}${grid ? " --grid" : ""}`;
  const source = pairs === undefined ? "scenes of the synthetic world" : pairs.captions;
  writeOverlayReport(join(folder, "report.html"), {
    points,
    best: nameOf(best.design),
    chance,
    isReader,
    model,
    space,
    source,
    command,
  });
  const details = { model, space, source, points: points.map((point) => ({ ...point, design: nameOf(point.design) })) };
  writeAtomically(join(folder, "figures.json"), [`${JSON.stringify(details, null, 2)}\n`]);
  const summary = {
    n: own.number.n,
    // Among guesses there is no best.
    best: isReader ? nameOf(best.design) : null,
    bestNumberAcc: isReader ? best.number.value : null,
    bestCaptionAcc: isReader ? best.caption.value : null,
    paperNumberAcc: own.number.value,
    paperCaptionAcc: own.caption.value,
    bareCaptionAcc: bare.caption.value,
    readsNumbers: isReader,
  };
  return { folder, summary, text: textOf(points, { best, isReader, chance, folder }), details };
}

type Said = Readonly<{
  best: OverlayPoint;
  isReader: boolean;
  chance: { number: number; caption: number };
  folder: string;
}>;

function textOf(points: readonly OverlayPoint[], { best, isReader, chance, folder }: Said): string {
  const figure = ({ value, low, high }: Estimate) =>
    value === null ? "-".padStart(20) : `${value.toFixed(1)} (${low?.toFixed(1)} to ${high?.toFixed(1)})`.padStart(20);
  const rows = points.map(
    ({ design, number, caption }) => `${nameOf(design).padEnd(24)}${figure(number)}${figure(caption)}`,
  );
  const verdict = isReader
    ? `Best balance (harmonic mean): ${nameOf(best.design)}`
    : "This model does not read numbers: NumberAcc is that of guessing, so there is no balance to choose by.";
  return [
    `${"design".padEnd(24)}${"NumberAcc, %".padStart(20)}${"CaptionAcc, %".padStart(20)}`,
    ...rows,
    `guessing: ${chance.number.toFixed(1)} and ${chance.caption.toFixed(1)} %; n = ${points[0]?.caption.n} pictures`,
    verdict,
    `Report: ${join(folder, "report.html")}`,
  ].join("\n");
}

function nameOf(design: OverlayPoint["design"]): string {
  return typeof design === "string" ? design : `${design.fontSize} ${design.color} ${design.position}`;
}
