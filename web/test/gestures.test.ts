/**
 * What hands do: edges dragged with the mouse, folders dropped, a run opened with what lies beside it. Oracles: the second under the
 * pointer by the timeline's own box; the files of the folder.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { appendEvent, type TrainingEvent } from "zoetrope/train";
import { inBrowser } from "./studio.fixture.ts";

const start = { type: "start", stage: "t3", step: 0, steps: 50, parameters: 1, notes: [] } as const;
const step = (stage: string, loss: number): TrainingEvent => ({
  type: "step",
  ...{ stage, step: 1, steps: 50, loss, lr: 1, gradNorm: 1 },
  ...{ tokens: 1, tokensPerSecond: 1000, seconds: 1, etaSeconds: 60 },
});

inBrowser("gestures", ({ open, folder }) => {
  test("an edge follows the mouse to the second under it, and no further than the other edge", async () => {
    const { page, faults } = await open("#/watch?sample=red-circle&q=the+red+circle+grows");
    await page.click("button:has-text('Find the moment')");
    await page.waitForSelector(".timeline-span.selected .timeline-edge.at-end");
    const [, to] = await spanOf(page);
    const lanes = await boxOf(page.locator(".timeline-lanes"));
    const duration = Number(await page.getAttribute(".timeline-ruler", "aria-valuemax"));
    const xOf = (seconds: number) => lanes.x + (seconds / duration) * lanes.width;
    await drag(page, page.locator(".timeline-span.selected .timeline-edge.at-end"), xOf(to + 2));
    await expect.poll(async () => (await spanOf(page))[1]).toBeCloseTo(to + 2, 1);
    await drag(page, page.locator(".timeline-span.selected .timeline-edge.at-start"), xOf(1.5));
    await expect.poll(async () => (await spanOf(page))[0]).toBeCloseTo(1.5, 1);
    await drag(page, page.locator(".timeline-span.selected .timeline-edge.at-start"), xOf(duration));
    await expect.poll(async () => (await spanOf(page))[0]).toBeCloseTo(to + 2, 1);
    const [from, until] = await spanOf(page);
    expect(from).toBeLessThanOrEqual(until);
    expect(until).toBeCloseTo(to + 2, 1);
    expect(faults).toEqual([]);
  });

  test("a dropped folder is looked through with its sub-folders, hidden files left out", async () => {
    const dropped = join(folder, "dropped");
    mkdirSync(join(dropped, "seed-0/t3"), { recursive: true });
    const events = join(dropped, "seed-0/t3/events.jsonl");
    appendEvent(events, start);
    appendEvent(events, step("t3", 0.125));
    writeFileSync(join(dropped, ".hidden.json"), "this is no JSON");
    const { page, faults } = await open("#/transfer");
    await page.waitForSelector(".runs-add");
    const { x, y, width, height } = await boxOf(page.locator(".runs-add"));
    const devtools = await page.context().newCDPSession(page);
    const data = { items: [], files: [dropped], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"] as const)
      await devtools.send("Input.dispatchDragEvent", { type, x: x + width / 2, y: y + height / 2, data });
    await page.waitForFunction(() =>
      document.querySelector(".training")?.textContent?.includes("Step 1 of 50, loss 0.1250"),
    );
    expect(await page.locator(".notice.bad").count()).toBe(0);
    expect(faults).toEqual([]);
  });

  test("a run shows the scatter of text against video out of its own folder", async () => {
    const own = join(folder, "analyse");
    mkdirSync(join(own, "seed-0"), { recursive: true });
    appendEvent(join(own, "seed-0/events.jsonl"), start);
    appendEvent(join(own, "seed-0/events.jsonl"), step("t3", 2));
    const points = [
      { label: "order", x: 40, y: 50 },
      { label: "all", x: 60, y: 65 },
      { label: "none", x: 30, y: 35 },
    ];
    const correlation = { points, pearson: { r: 0.98, p: 0.01 } };
    writeFileSync(join(own, "results.json"), JSON.stringify({ command: "zoetrope reproduce t3 --full", correlation }));
    const { page, faults } = await open("#/transfer?run=analyse%2Fseed-0%2Fevents.jsonl");
    // Beside the recorded one.
    const figure = page.locator(".transfer-figure.correlation", { hasText: "r = 0.98" });
    await figure.locator("svg").first().waitFor();
    expect(await figure.innerText()).toContain("Pearson r = 0.98");
    for (const { label } of points) expect(await figure.locator("svg").first().innerHTML()).toContain(label);
    expect(faults).toEqual([]);
  });
});

/** Start and end of the chosen moment as the page tells them. */
async function spanOf(page: Page): Promise<[number, number]> {
  const [, from, to] = /^([\d.]+) – ([\d.]+) s/.exec(await page.locator(".watch-status").innerText()) ?? [];
  return [Number(from), Number(to)];
}

async function boxOf(element: Locator) {
  const box = await element.boundingBox();
  if (box === null) throw new Error("Expected an element on the page, got one that is hidden.");
  return box;
}

/** Press on an element's middle, move in steps as a hand does, let go. */
async function drag(page: Page, element: Locator, x: number): Promise<void> {
  // Waits until it lies still and takes the pointer.
  await element.hover();
  const box = await boxOf(element);
  const y = box.y + box.height / 2;
  await page.mouse.down();
  await page.mouse.move(x, y, { steps: 6 });
  await page.mouse.up();
}
