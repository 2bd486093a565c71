/**
 * The pictures of docs/studio: every page as a user sees it, in both themes.
 *
 *   npm run build -w web && npm run screenshots -w web [-- FOLDER_OF_RUNS]
 *
 * The training on the page of the transfer is the latest one in FOLDER_OF_RUNS (default: runs).
 */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { chromium, type Page } from "playwright-core";
import sharp from "sharp";
import { startStudio } from "../../src/serve/studio/index.ts";

const root = resolve(import.meta.dirname, "../..");
const target = join(root, "docs/studio");
const runs = resolve(process.argv[2] ?? join(root, "runs"));

const ways: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  start: (page) => page.waitForSelector(".sample img"),
  watch: async (page) => {
    await page.click("button.sample");
    await page.click("button:has-text('Find the moment')");
    await page.waitForSelector(".strip canvas", { timeout: 120_000 });
    // A second into the moment, for a picture with something in it.
    for (let i = 0; i < 3; i++) await page.keyboard.press("Shift+ArrowRight");
  },
  runs: async (page) => {
    await page.click("nav >> text=Runs");
    await page.click("text=Open the example");
    await page.waitForFunction(() => document.querySelector(".scores-pair")?.textContent?.includes("minus"));
    for (let i = 0; i < 2; i++) await page.keyboard.press("j");
  },
  transfer: async (page) => {
    await page.click("nav >> text=Transfer");
    await page.waitForSelector(".plot svg");
    await page.waitForSelector(".transfer-figure.probe .plot svg");
  },
  annotate: async (page) => {
    await page.click("nav >> text=Annotate");
    await page.click("text=Try it on a sample");
    await page.waitForSelector(".annotate-bar");
    for (const [seconds, key] of [
      [3.5, "i"],
      [8.5, "o"],
    ] as const) {
      await page.evaluate((time) => {
        (document.querySelector("video") as HTMLVideoElement).currentTime = time + 1e-4;
      }, seconds);
      await page.waitForTimeout(300);
      await page.keyboard.press(key);
    }
    await page.fill(".moments input", "the red circle grows");
    await page.evaluate(() => {
      (document.querySelector("video") as HTMLVideoElement).currentTime = 6.5;
      (document.activeElement as HTMLElement).blur();
    });
  },
};

mkdirSync(target, { recursive: true });
const pages = join(root, "web/dist");
const studio = await startStudio({ pages, models: join(root, "models"), runs, version: "0", port: 0 });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
try {
  for (const [name, go] of Object.entries(ways)) {
    for (const colorScheme of ["light", "dark"] as const) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 860 },
        colorScheme,
        deviceScaleFactor: 1.5,
      });
      const page = await context.newPage();
      await page.goto(studio.url);
      await go(page);
      await page.waitForTimeout(800);
      const isLong = name === "transfer";
      const picture = await page.screenshot({ fullPage: isLong });
      await sharp(picture)
        .png({ palette: true, quality: 90 })
        .toFile(join(target, `${name}-${colorScheme}.png`));
      await context.close();
    }
    process.stderr.write(`${name}\n`);
  }
} finally {
  await browser.close();
  await studio.close();
}
