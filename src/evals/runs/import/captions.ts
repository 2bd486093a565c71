/** Dense captions in the layouts that `zoetrope score` reads, with their annotations; a row a video. */
import {
  denseConventions,
  openEnglishMeteor,
  readDensePredictions,
  readDenseTruth,
  scoreDense,
} from "../../dense-captioning/index.ts";
import { captionsRow } from "../captions-row.ts";
import { type ImportedRun, type ImportOptions, importedRun, needed } from "./imported.ts";
import { nameOf } from "./moments.ts";

export function importCaptions(options: ImportOptions): ImportedRun {
  const { path, subset, convention: wanted = "strict" } = options;
  const convention = denseConventions.find((name) => name === wanted);
  if (!convention)
    throw new RangeError(
      `Expected --convention to be one of ${denseConventions.join(", ")} for captions, got "${wanted}".`,
    );
  const first = needed(options.truth, "--truth", "the annotated captions");
  const sets = [first, options.secondTruth].flatMap((file) =>
    file === undefined ? [] : [readDenseTruth(file, subset === undefined ? {} : { subset })],
  );
  const truths = sets.map(({ videos }) => videos);
  const predictions = readDensePredictions(path, truths.flat());
  const report = scoreDense({ truths, predictions, meteor: openEnglishMeteor(), convention, seed: 0 });
  const scores = new Map(report.videos.map((each) => [each.video, each]));
  const byVideo = truths.map((set) => new Map(set.map((each) => [each.video, each])));
  const unparsed = new Set(predictions.unparsed);
  const videos = [...new Set(truths.flatMap((set) => set.map(({ video }) => video)))];
  const rows = videos.map((video, place) =>
    captionsRow({
      video,
      truths: byVideo.map((set) => set.get(video)),
      events: predictions.byVideo.get(video),
      isUnparsed: unparsed.has(video),
      place,
      scores: scores.get(video),
    }),
  );
  return importedRun(rows, [...sets.flatMap((set) => set.problems), ...predictions.problems], {
    ...{ task: "captions", benchmark: options.benchmark ?? "captions", model: options.model ?? nameOf(path) },
    ...{ settings: { convention }, of: videos.length, format: "captions", file: path },
    parts: { parser: `${convention}, ${report.meteorName}` },
  });
}
