/** Oracle: the readers of `zoetrope score`, which read these layouts as the field writes them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readHighlightTruth, readMomentAnnotations } from "zoetrope/data/moments";
import { exportFormats, exportMoments, formatTexts } from "./export-moments.ts";

const folder = mkdtempSync(join(tmpdir(), "export-"));
afterAll(() => rmSync(folder, { recursive: true }));

const moments = [
  { start: 0.5, end: 3.25, label: "a dog jumps" },
  { start: 4, end: 4.0001, label: '"quoted", with a\nline' },
  { start: 6, end: 9.87654, label: "a dog jumps" },
  { start: 1, end: 2, label: "  " },
];
const annotated = { video: "clip.mp4", duration: 10.0004, moments };

test.each(exportFormats)("what is saved as %s reads back as it was marked", (format) => {
  const path = join(folder, `clip.${formatTexts[format].file}`);
  writeFileSync(path, exportMoments(format, annotated));
  const { queries } = readMomentAnnotations(path);
  const read = queries.flatMap(({ query, truths, video }) => truths.map((truth) => ({ ...truth, query, video })));
  const expected = [
    { start: 0.5, end: 3.25, query: "a dog jumps" },
    { start: 4, end: 4, query: '"quoted", with a\nline' },
    { start: 6, end: 9.877, query: "a dog jumps" },
  ].map((moment) => ({
    ...moment,
    video: format === "sample" ? "clip.mp4" : "clip",
    query: format === "charades-sta" ? moment.query.replace("\n", " ") : moment.query,
  }));
  const inOrder = (all: typeof read) => all.toSorted((a, b) => a.start - b.start);
  expect(inOrder(read)).toEqual(expected);
});

test("QVHighlights gets the clips that its windows touch", () => {
  const path = join(folder, "clips.jsonl");
  writeFileSync(path, exportMoments("qvhighlights", annotated));
  const [first] = readHighlightTruth(path).rows.values();
  expect(first?.relevant_clip_ids).toEqual([0, 1, 3, 4]);
});
