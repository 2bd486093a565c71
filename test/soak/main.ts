/**
 * `npm run soak [-- NAME [--flags]] [-o FILE]`: long runs that the test suite has only a short form of, one or all, and one JSON object
 * with what they did, on what machine and commit, as docs/results holds them. A soak is a file test/soak/*.soak.ts that exports
 * `run(flags)`; it resolves to figures or throws. Figures whose `problems` are not empty are written all the same: exit status 100.
 */
import { readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { commit, machine } from "../../recipes/machine.ts";

export type Figures = Readonly<Record<string, number | string>>;
export type Soak = Readonly<{ run: (flags: readonly string[]) => Promise<Figures> }>;

async function main(all: readonly string[]): Promise<void> {
  const at = all.indexOf("-o");
  const output = at === -1 ? undefined : all[at + 1];
  if (at !== -1 && output === undefined) throw new RangeError("Expected a file behind -o, got none. Name one.");
  const args = at === -1 ? all : [...all.slice(0, at), ...all.slice(at + 2)];
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
  const command = ["npm run soak --", ...args].join(" ");
  const text = `${JSON.stringify({ command, machine: machine(), commit: commit(), ...soaks }, null, 2)}\n`;
  process.stdout.write(text);
  if (output !== undefined) writeFileSync(output, text);
  const troubled = Object.entries(soaks).filter(([, { problems = "" }]) => problems !== "");
  for (const [name, { problems }] of troubled) process.stderr.write(`${name}: ${problems}.\n`);
  if (troubled.length > 0) process.exitCode = 100;
}

await main(process.argv.slice(2));
