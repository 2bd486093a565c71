/**
 * Oracles: scores of METEOR 1.5's own program (exact, stem, synonym, empty paraphrase table), and every alignment tried out.
 * WordNet is read further up; here a few synonyms stand in for it.
 */
import { expect, test } from "vitest";
import { Rng } from "../../../math/index.ts";
import { wordStem } from "../../../text/index.ts";
import { bestAlignment } from "./alignment.ts";
import { type Candidate, matchCandidates } from "./candidates.ts";
import { openMeteor } from "./meteor.ts";
import { meteorTokens } from "./normalise.ts";
import { openSentences } from "./sentence.ts";
import { addStatistics, meteorScore } from "./statistics.ts";
import { wordNetSynonyms } from "./synonyms.ts";

const synonyms = wordNetSynonyms({
  synsets: new Map([
    ["child", [1]],
    ["kid", [1, 2]],
    ["man", [3]],
    ["run", [4]],
  ]),
  exceptions: new Map([
    ["children", ["child"]],
    ["ran", ["run"]],
  ]),
});
const meteor = openMeteor({ stem: wordStem, synonyms });

/** hypothesis, reference, score: made with METEOR's program. */
const official: readonly (readonly [string, string, number])[] = [
  ["the man runs on a track", "a man is running on the track", 0.3542437800827218],
  ["a man is running on the track", "the man runs on a track", 0.37465288675415437],
  ["a man is playing guitar", "a man is playing guitar", 1],
  [
    "a woman is seen hanging from a bar in a gym",
    "a young lady is gripping a black and silver punching bag between her legs",
    0.039538714991762765,
  ],
  ["the man 's dog runs", "the mans dog ran", 0.3802807018041815],
  ["a girl does a close-up of her t-shirt", "a girl shows a close up of her shirt", 0.40666145077522353],
  ["children play soccer", "kids play football", 0.28660179721339535],
  ["qwertyuiopas", "a man is running", 0],
  ["a b c d", "d c b a", 0.4],
  ["he puts the ball down and puts the ball up", "he puts the ball up and down", 0.42889102539983964],
];

test.each(official)("%s | %s scores as METEOR's own program says", (hypothesis, reference, score) => {
  expect(meteor.score(hypothesis, reference)).toBeCloseTo(score, 12);
});

test("a corpus scores as its counts together, not as the mean of its sentences", () => {
  const pairs = official.map(([hypothesis, reference]) => [hypothesis, reference] as const);
  expect(meteor.corpusScore(pairs)).toBeCloseTo(0.2939213024638296, 12);
  expect(meteor.corpusScore([])).toBeNull();
});

test("the counts are printed as METEOR prints them", () => {
  const counts = meteor.statistics("the man runs on a track", "a man is running on the track");
  expect(counts).toEqual([6, 7, 3, 4, 2, 2, 3, 3, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 6, 6]);
});

test("nothing said scores 0, in the corpus too", () => {
  expect(meteor.score("", "a man")).toBe(0);
  expect(meteor.score("a man", "")).toBe(0);
  expect(meteorScore(addStatistics([]))).toBe(0);
});

test("a word and its plural are neither equal nor synonyms, but share a stem", () => {
  expect(meteor.statistics("the man", "the mans").slice(4, 16)).toEqual([0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
});

test("tokens are cut once more: possessives, hyphens, dotted abbreviations, numbers", () => {
  expect(meteorTokens("man 's close-up")).toEqual(["man", "'", "s", "close", "up"]);
  expect(meteorTokens("The man's 1990's U.S. car, 1,000 (old) -- don't")).toEqual(
    "the man 's 1990 's us car , 1,000 ( old ) - don 't".split(" "),
  );
  expect(meteorTokens("Mr. Fox sits. He eats.")).toEqual("mr. fox sits . he eats .".split(" "));
  expect(meteorTokens("wait... what")).toEqual(["wait", "...", "what"]);
});

test("the search finds an alignment that no other beats in matches, nor at equal matches in chunks", () => {
  const rng = new Rng("alignments");
  const sentence = openSentences({ stem: wordStem });
  for (let round = 0; round < 400; round++) {
    const draw = () => Array.from({ length: rng.integer(1, 5) }, () => rng.pick(["a", "b", "c", "d"])).join(" ");
    const [left, right] = [sentence(draw()), sentence(draw())];
    const candidates = matchCandidates(left, right);
    const found = bestAlignment(candidates);
    const best = everyAlignment(candidates.byStart)
      .map((matches) => [matches.length, -chunks(matches)] as const)
      .reduce((a, b) => (b[0] > a[0] || (b[0] === a[0] && b[1] > a[1]) ? b : a));
    expect(
      [found.length, -chunks(found)],
      `${left.words.map((w) => w.text)} | ${right.words.map((w) => w.text)}`,
    ).toEqual(best);
  }
});

test("a paraphrase matches phrases of different lengths, from either side of the table", () => {
  const paraphrases = { longest: 2, of: new Map([["set off", [["left"]]]]) };
  const withTable = openMeteor({ stem: wordStem, paraphrases });
  expect(withTable.name).toBe("METEOR 1.5 without synonyms");
  for (const [hypothesis, reference] of [
    ["they set off", "they left"],
    ["they left", "they set off"],
  ] as const) {
    const counts = withTable.statistics(hypothesis, reference);
    expect(counts.at(-3)).toBe(1);
    expect(counts.slice(-2)).toEqual([hypothesis.split(" ").length, reference.split(" ").length]);
    expect(withTable.score(hypothesis, reference)).toBeGreaterThan(meteor.score(hypothesis, reference));
  }
});

/** Every set of one-word matches that uses no word twice. */
function everyAlignment(byStart: readonly (readonly Candidate[])[]): Candidate[][] {
  if (byStart.length === 0) return [[]];
  const [matches, rest] = [byStart.at(-1) as readonly Candidate[], everyAlignment(byStart.slice(0, -1))];
  return rest.flatMap((before) => [
    before,
    ...matches
      .filter(({ matchStart }) => before.every((other) => other.matchStart !== matchStart))
      .map((match) => [...before, match]),
  ]);
}

/** Neighbours in the reference that are no neighbours in the hypothesis open a chunk. */
function chunks(matches: readonly Candidate[]): number {
  let count = 0;
  let [right, left] = [-2, -2];
  for (const { start, matchStart } of matches) {
    if (start !== right + 1 || matchStart !== left + 1) count++;
    [right, left] = [start, matchStart];
  }
  return count;
}
