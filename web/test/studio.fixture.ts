/**
 * The built studio behind its own server, and Debian's Chromium to look at it. Where there is no Chromium the tests are skipped,
 * and say so.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import { type Studio, startStudio } from "zoetrope/serve/studio";

export const root = resolve(import.meta.dirname, "../..");
const pages = join(root, "web/dist");
const executable = process.env.CHROMIUM ?? "/usr/bin/chromium";

const missing = !existsSync(executable)
  ? `no browser at ${executable}: apt-get install chromium, or set CHROMIUM`
  : !existsSync(join(pages, "index.html"))
    ? "web/dist is not built: npm run build -w web"
    : null;

/** What a page did that no page should: errors, breaches of the policy, dialogs. */
export type Watched = Readonly<{ page: Page; faults: readonly string[] }>;

export type Open = (route?: string, options?: BrowserContextOptions) => Promise<Watched>;

export type Fixture = Readonly<{
  open: Open;
  /** A folder of the test's own, which the studio serves as its runs. */
  folder: string;
  url: () => string;
}>;

/** Tests in a browser, skipped with the reason in their name where there is none. */
export function inBrowser(name: string, tests: (fixture: Fixture) => void): void {
  const shown = missing === null ? name : `${name} (skipped: ${missing})`;
  describe.skipIf(missing !== null)(shown, () => {
    const folder = mkdtempSync(join(tmpdir(), "studio-test-"));
    let browser: Browser;
    let studio: Studio;
    beforeAll(async () => {
      studio = await startStudio({ pages, models: join(root, "models"), runs: folder, version: "test", port: 0 });
      browser = await chromium.launch({ executablePath: executable, args: ["--no-sandbox"] });
    });
    // A page that is left open goes on playing and computing.
    afterEach(async () => {
      for (const context of browser?.contexts() ?? []) await context.close();
    });
    afterAll(async () => {
      await browser?.close();
      await studio?.close();
      rmSync(folder, { recursive: true });
    });
    const open: Open = async (route = "", options = {}) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
      // Machines are busy; nothing here measures time.
      context.setDefaultTimeout(120_000);
      const page = await context.newPage();
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") faults.push(message.text());
      });
      page.on("dialog", (dialog) => {
        faults.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      await page.goto(`${studio.url}${route}`);
      return { page, faults };
    };
    tests({ open, folder, url: () => studio.url });
  });
}

/** Drop files on an element, as a user would. */
export async function drop(
  page: Page,
  selector: string,
  files: readonly Readonly<{ name: string; bytes: Uint8Array }>[],
): Promise<void> {
  const listed = files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString("base64") }));
  const transfer = await page.evaluateHandle((all) => {
    const made = new DataTransfer();
    for (const { name, base64 } of all) {
      const binary = atob(base64);
      made.items.add(new File([Uint8Array.from(binary, (each) => each.charCodeAt(0))], name));
    }
    return made;
  }, listed);
  await page.dispatchEvent(selector, "dragover", { dataTransfer: transfer });
  await page.dispatchEvent(selector, "drop", { dataTransfer: transfer });
}

/** The text of a file that a click saves. */
export async function saved(page: Page, click: () => Promise<void>): Promise<Readonly<{ name: string; text: string }>> {
  const [download] = await Promise.all([page.waitForEvent("download"), click()]);
  const stream = await download.createReadStream();
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return { name: download.suggestedFilename(), text: Buffer.concat(parts).toString("utf8") };
}
