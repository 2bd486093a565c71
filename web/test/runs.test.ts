/** Logs in the browser. Oracles: the figures of evals/runs on the same rows; counts of elements on the page. */
import { expect, test } from "vitest";
import { Rng } from "zoetrope/core/math";
import { momentLog } from "../../src/evals/runs/moment-log.fixture.ts";
import { drop, inBrowser } from "./studio.fixture.ts";

const runLog = (model: string, n: number, seed: number, query?: (i: number) => string) =>
  momentLog({ model, n, rng: new Rng(seed), ...(query && { query }) });

inBrowser("runs", ({ open }) => {
  test("ten thousand samples: the score is right, a few rows are on the page, the last one is reached", async () => {
    const { page, faults } = await open("#/runs");
    await drop(page, ".drop", [{ name: "big.jsonl", bytes: runLog("model-a", 10_000, 1) }]);
    await page.waitForSelector(".sample-row");
    expect(await page.locator(".scores tbody tr").innerText()).toMatch(/37\.5\s*\[/);
    expect(await page.locator(".runs-count").innerText()).toBe("10000 of 10000 samples");
    expect(await page.locator(".sample-row").count()).toBeLessThan(60);
    await page.locator(".sample-list").evaluate((list) => {
      list.scrollTop = list.scrollHeight;
    });
    await page.waitForSelector("#sample-9999");
    expect(await page.locator(".sample-row").count()).toBeLessThan(60);
    await page.fill("input[type=search]", "event 4321");
    await expect.poll(() => page.locator(".runs-count").innerText()).toBe("1 of 10000 samples");
    await page.waitForFunction(() => document.querySelector(".detail h2")?.textContent === "event 4321");
    expect(faults).toEqual([]);
  });

  test("two runs stand side by side with the truth, paired; filters go into the address", async () => {
    const { page } = await open("#/runs");
    await drop(page, ".drop", [
      { name: "a.jsonl", bytes: runLog("model-a", 40, 1) },
      { name: "b.jsonl", bytes: runLog("model-b", 40, 1) },
    ]);
    await page.waitForSelector(".sample-row");
    await page.waitForFunction(() => document.querySelector(".scores-pair")?.textContent?.includes("minus"));
    expect(await page.locator(".scores-pair").innerText()).toMatch(
      /model-b minus model-a on 40 common samples: mIoU 0\.0/,
    );
    await page.selectOption(".runs-filters select >> nth=0", "unparsed");
    expect(await page.locator(".runs-count").innerText()).toBe("10 of 40 samples");
    expect(page.url()).toContain("show=unparsed");
    await page.selectOption(".runs-filters select >> nth=0", "");
    await page.locator(".sample-list").focus();
    await page.keyboard.press("j");
    await page.waitForFunction(() => document.querySelector(".detail h2")?.textContent === "event 1");
    expect(await page.locator(".detail .timeline-name").allInnerTexts()).toEqual([
      "Frames seen",
      "Truth",
      "model-a",
      "model-b",
    ]);
  });

  test("an unknown log is told with what can be dropped instead", async () => {
    const { page } = await open("#/runs");
    await drop(page, ".drop", [{ name: "unknown.jsonl", bytes: Buffer.from('{"a":1}\n{"a":2}\n') }]);
    await page.waitForSelector(".notice.bad");
    expect(await page.locator(".notice.bad").innerText()).toMatch(
      /unknown\.jsonl: Expected a run log, .+ got a layout that is none of them/,
    );
    await page.click("text=Dismiss");
    expect(await page.locator(".notice.bad").count()).toBe(0);
  });

  test("captions, replies and names cannot bring in script", async () => {
    const attack = `<img src=x onerror="alert(1)"><script>alert(2)</script>`;
    const { page, faults } = await open("#/runs");
    const log = runLog(attack, 8, 3, (i) => `${attack} ${i}`);
    await drop(page, ".drop", [{ name: `${attack}.jsonl`, bytes: log }]);
    await page.waitForSelector(".sample-row");
    expect(await page.locator(".detail h2").innerText()).toBe(`${attack} 0`);
    expect(await page.locator("img[src=x], main script").count()).toBe(0);
    expect(faults).toEqual([]);
  });

  test("the example opens with two runs of the shipped model", async () => {
    const { page, faults } = await open("#/runs");
    await page.click("text=Open the example");
    await page.waitForSelector(".sample-row");
    expect(await page.locator(".scores tbody tr").count()).toBe(2);
    expect(faults).toEqual([]);
  });
});
