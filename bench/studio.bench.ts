/**
 * The built studio in Debian's Chromium: first paint, the first and the next answer about the sample film, a log of 10,000 samples read
 * and scrolled. `npm run build -w web` first.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { packageFolder } from "../src/core/files/index.ts";
import { Rng } from "../src/core/math/index.ts";
import { momentLog } from "../src/evals/runs/moment-log.fixture.ts";
import { startStudio } from "../src/serve/studio/index.ts";
import { type Figures, flagValue, median } from "./bench.ts";

export const name = "studio";

const samples = 10_000;
const rounds = 5;

export async function run(flags: readonly string[]): Promise<Figures> {
  const executablePath = flagValue(flags, "--chromium") ?? process.env.CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(executablePath))
    throw new Error(
      `Expected a browser at ${executablePath}, got none. apt-get install chromium, or name one with --chromium.`,
    );
  const root = packageFolder();
  const pages = join(root, "web/dist");
  if (!existsSync(join(pages, "index.html")))
    throw new Error(`Expected the built studio in ${pages}, got none. Run npm run build -w web.`);
  const runs = mkdtempSync(join(tmpdir(), "zoetrope-studio-"));
  const studio = await startStudio({ pages, models: join(root, "models"), runs, version: "bench", port: 0 });
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const open = async (route = "") => {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 860 } })).newPage();
    await page.goto(`${studio.url}${route}`);
    return page;
  };
  try {
    const paints: number[] = [];
    for (let i = 0; i < rounds; i++) {
      const page = await open();
      await page.waitForSelector("button.sample");
      paints.push(
        await page.evaluate<number>('performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN'),
      );
      await page.context().close();
    }
    return {
      firstPaintMs: Math.round(median(paints)),
      slowestPaintMs: Math.round(Math.max(...paints)),
      ...(await answering(await open())),
      ...(await scrolling(await open("#/runs"))),
    };
  } finally {
    await browser.close();
    await studio.close();
    rmSync(runs, { recursive: true });
  }
}

/** The question that the page suggests, asked twice. */
async function answering(page: Page): Promise<Figures> {
  await page.click("button.sample");
  const ask = async (answers: number) => {
    const began = performance.now();
    await page.click("button:has-text('Find the moment')");
    await page
      .locator(".answer")
      .nth(answers - 1)
      .waitFor({ timeout: 120_000 });
    return Number(((performance.now() - began) / 1000).toFixed(2));
  };
  const firstAnswerSeconds = await ask(1);
  const nextAnswerSeconds = await ask(2);
  await page.context().close();
  return { firstAnswerSeconds, nextAnswerSeconds };
}

/** Two seconds of scrolling through the whole list, by animation frames. */
async function scrolling(page: Page): Promise<Figures> {
  const log = momentLog({ model: "bench", n: samples, rng: new Rng(1) });
  const began = performance.now();
  const file = { name: "log.jsonl", mimeType: "application/jsonl", buffer: Buffer.from(log) };
  await page.locator("input[type=file]").first().setInputFiles(file);
  await page.waitForSelector(".sample-row", { timeout: 120_000 });
  const readSeconds = (performance.now() - began) / 1000;
  await page.waitForTimeout(1000);
  const times = await page.evaluate<number[]>(`new Promise((resolve) => {
    const list = document.querySelector(".sample-list");
    const [times, frames, end] = [[], 120, list.scrollHeight - list.clientHeight];
    const step = (now) => {
      times.push(now);
      list.scrollTop = (end * times.length) / frames;
      if (times.length <= frames) requestAnimationFrame(step);
      else resolve(times);
    };
    requestAnimationFrame(step);
  })`);
  const frames = times.slice(1).map((time, i) => time - (times[i] as number));
  const sorted = [...frames].sort((a, b) => a - b);
  await page.context().close();
  return {
    samples,
    readSeconds: Number(readSeconds.toFixed(2)),
    scrollFrameMs: Number(median(frames).toFixed(1)),
    scrollFrameP95Ms: Number((sorted[Math.floor(0.95 * sorted.length)] as number).toFixed(1)),
    scrollFrameSlowestMs: Number((sorted.at(-1) as number).toFixed(1)),
  };
}
