/**
 * `npm run soak [-- NAME [--flags]]`: long runs that the test suite has only a short form of, one or all, and one JSON object with
 * what they did. A soak is a file test/soak/*.soak.ts that exports `run(flags)`; it resolves to figures or throws.
 */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

export type Figures = Readonly<Record<string, number | string>>;
export type Soak = Readonly<{ run: (flags: readonly string[]) => Promise<Figures> }>;

async function main(args: readonly string[]): Promise<void> {
  const names = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(".soak.ts"))
    .map((file) => basename(file, ".soak.ts"));
  const chosen = args[0]?.startsWith("--") ? undefined : args[0];
  if (chosen !== undefined && !names.includes(chosen)) {
    throw new RangeError(`Expected a soak of ${names.join(", ")}, got "${chosen}".`);
  }
  const soaks: Record<string, Figures> = {};
  for (const name of chosen === undefined ? names : [chosen]) {
    process.stderr.write(`${name} ...\n`);
    const { run } = (await import(pathToFileURL(join(import.meta.dirname, `${name}.soak.ts`)).href)) as Soak;
    const began = performance.now();
    const figures = await run(chosen === undefined ? args : args.slice(1));
    soaks[name] = { ...figures, seconds: Math.round((performance.now() - began) / 100) / 10 };
  }
  process.stdout.write(`${JSON.stringify(soaks, null, 2)}\n`);
}

await main(process.argv.slice(2));
