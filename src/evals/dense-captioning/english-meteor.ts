/**
 * METEOR with everything that its files give: WordNet's synonyms always, paraphrases and another list of function words where
 * the user has them.
 *
 * METEOR's paraphrase table (paraphrase-en.gz) comes with METEOR and not with this package.
 */
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { type Meteor, openMeteor, type Paraphrases, wordNetSynonyms } from "../../core/metrics/index.ts";
import { wordStem } from "../../core/text/index.ts";
import { readWordNet } from "./wordnet.ts";

export type EnglishMeteorOptions = Readonly<{
  paraphrases?: Paraphrases;
  /** A file with one function word a line, as METEOR's resources/function/english.words. */
  functionWords?: string;
}>;

/** METEOR 1.5 for English. */
export function openEnglishMeteor({ paraphrases, functionWords }: EnglishMeteorOptions = {}): Meteor {
  return openMeteor({
    stem: wordStem,
    synonyms: wordNetSynonyms(readWordNet()),
    ...(paraphrases && { paraphrases }),
    ...(functionWords !== undefined && { functionWords: readFunctionWords(functionWords) }),
  });
}

function readFunctionWords(path: string): ReadonlySet<string> {
  if (!existsSync(path)) throw new Error(`Expected a list of function words at "${path}", got nothing there.`);
  const words = readFileSync(path, "utf8").split(/\r?\n/);
  return new Set(words.map((word) => word.trim()).filter((word) => word !== ""));
}

/**
 * METEOR's paraphrase table, gzip or plain: records of three lines (probability, phrase, paraphrase). Only records whose words
 * all occur in `vocabulary` are kept, for the whole table takes gigabytes and a data set meets little of it.
 */
export async function readParaphrases(path: string, vocabulary: ReadonlySet<string>): Promise<Paraphrases> {
  if (!existsSync(path)) {
    throw new Error(
      `Expected METEOR's paraphrase table at "${path}", got nothing there. It is data/paraphrase-en.gz of METEOR.`,
    );
  }
  const file = createReadStream(path);
  const input = path.endsWith(".gz") ? file.pipe(createGunzip()) : file;
  const of = new Map<string, string[][]>();
  let longest = 0;
  let [lines, probability, phrase] = [0, "", ""];
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    const place = lines++ % 3;
    if (place === 0) probability = line;
    else if (place === 1) phrase = line.trim();
    else {
      if (!Number.isFinite(Number.parseFloat(probability))) {
        throw new Error(`Expected a probability in line ${lines - 2} of "${path}", got "${probability.slice(0, 40)}".`);
      }
      const [words, others] = [phrase.split(" "), line.trim().split(" ")];
      if (![...words, ...others].every((word) => vocabulary.has(word))) continue;
      of.set(phrase, [...(of.get(phrase) ?? []), others]);
      longest = Math.max(longest, words.length);
    }
  }
  if (lines % 3 !== 0)
    throw new Error(`Expected records of three lines in "${path}", got ${lines} lines. Is it cut off?`);
  return { longest, of };
}
