/** Oracle: what the page must say of figures that the test makes up. */
import { expect, test } from "vitest";
import { type OverlayReport, overlayPage } from "./overlay-report.ts";

const estimate = (value: number | null) => ({ n: 50, clusters: 50, value, low: value, high: value });
const report = (isReader: boolean): OverlayReport => ({
  points: [
    { design: "no number", number: estimate(null), caption: estimate(92) },
    { design: { fontSize: 40, color: "red", position: "bottom-right" }, number: estimate(70), caption: estimate(88) },
    { design: { fontSize: 80, color: "red", position: "bottom-right" }, number: estimate(80), caption: estimate(61) },
    { design: { fontSize: 20, color: "red", position: "bottom-right" }, number: estimate(45), caption: estimate(91) },
  ],
  best: "40 red bottom-right",
  chance: { number: 1, caption: 2 },
  isReader,
  model: 'clip "tiny"',
  space: "CLIP's joint space",
  source: "scenes",
  command: "zoetrope reproduce overlay-study",
});

test("the trade-off is drawn of a model that reads numbers, and of no other", () => {
  const page = overlayPage(report(true));
  expect(page).toContain("told best with 40 red bottom-right");
  expect(page.match(/<circle class="mark/g)?.length).toBeGreaterThanOrEqual(3);
  expect(page).toContain("The trade-off");
  const blind = overlayPage(report(false));
  expect(blind).toContain("does not read numbers");
  expect(blind).not.toContain("The trade-off");
});

test("the page escapes names and loads nothing", () => {
  const page = overlayPage(report(true));
  expect(page).toContain("clip &quot;tiny&quot;");
  expect(page).not.toMatch(/(?:src|href)="https?:/);
});
