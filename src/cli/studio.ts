/**
 * `zoetrope studio`: the web page, from this machine and for it.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { modelsFolder, packageFolder } from "../core/files/index.ts";
import { startStudio } from "../serve/studio/index.ts";
import { type CommandContext, printJson } from "./context.ts";
import { seedNumber } from "./flags.ts";

const examples = `
Examples:
  $ zoetrope studio
  $ zoetrope studio --runs runs/tvbench --port 8080
  $ zoetrope studio --no-open

Watch a video and ask when something happens (the shipped model runs in the browser), look at runs sample by sample, watch a
training, correct moments. Logs are opened for reading only. The page is reached from this machine alone, unless --host says
otherwise; then anyone who reaches the address can read the logs of --runs.
`;

type StudioFlags = Readonly<{ runs: string; port: string; host: string; open: boolean; json?: boolean }>;

export function registerStudio(command: Command, context: CommandContext): void {
  command
    .option("--runs <folder>", "logs to look at, sub-folders included", "runs")
    .option("--port <n>", "0 takes any free port", "4173")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--no-open", "do not open a browser")
    .option("--json", "print one JSON object with the address on stdout")
    .addHelpText("after", examples)
    .action((flags: StudioFlags) => runStudio(flags, context));
}

async function runStudio(flags: StudioFlags, context: CommandContext): Promise<void> {
  const port = seedNumber("--port", flags.port);
  if (port > 65_535) throw new RangeError(`Expected --port to be at most 65535, got "${flags.port}".`);
  const runs = resolve(flags.runs);
  if (flags.runs !== "runs" && !(existsSync(runs) && statSync(runs).isDirectory()))
    throw new RangeError(`Expected --runs to be a folder, got "${flags.runs}". Pass one that holds logs.`);
  const signal = context.interruptible("Closing the studio.");
  const pages = await builtPages(signal);
  const { version } = JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8")) as { version: string };
  const shared = { pages, models: modelsFolder(), runs: existsSync(runs) ? runs : null, version };
  const studio = await startStudio({ ...shared, host: flags.host, port });
  if (flags.json) printJson({ command: "studio", summary: { url: studio.url }, ...shared });
  else process.stderr.write(`The studio is at ${studio.url} (Ctrl-C ends it)\n`);
  if (flags.open) openBrowser(studio.url);
  await new Promise<void>((done) => {
    if (signal.aborted) done();
    signal.addEventListener("abort", () => done(), { once: true });
  });
  await studio.close();
}

/** The folder of the built pages; a clone builds them at the first call. */
async function builtPages(signal: AbortSignal): Promise<string> {
  const pages = join(packageFolder(), "web/dist");
  if (existsSync(join(pages, "index.html"))) return pages;
  if (!existsSync(join(packageFolder(), "web/vite.config.ts"))) {
    throw new Error(`Expected the studio's pages in ${pages}, got none. Install the package again.`);
  }
  process.stderr.write("Building the studio's pages (once)\n");
  const code = await new Promise<number | null>((done, failed) => {
    const build = spawn("npm", ["run", "build", "-w", "web"], {
      cwd: packageFolder(),
      stdio: ["ignore", 2, 2],
      signal,
    });
    build.on("error", failed).on("close", done);
  });
  if (code === 0) return pages;
  throw new Error("Expected the studio's pages to build, got an error above. Run npm ci, then npm run build -w web.");
}

/** Best effort: a machine without a desktop has the address on its terminal. */
function openBrowser(url: string): void {
  const [program, ...before] =
    process.platform === "darwin" ? ["open"] : process.platform === "win32" ? ["cmd", "/c", "start", ""] : ["xdg-open"];
  spawn(program as string, [...before, url], { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}
