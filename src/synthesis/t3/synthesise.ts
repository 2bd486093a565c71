/**
 * Captions in, T3 rows out. Pure and deterministic: the same captions, seed and options give the same rows.
 *
 * Each split is its own deck with its own random stream, so the training rows do not depend on whether validation rows are
 * asked for. Every caption leads in turn, in random order, for each family.
 */
import { Rng } from "../../core/math/index.ts";
import type { Caption } from "../../data/index.ts";
import { type Balance, balance } from "./balance.ts";
import { composeRow } from "./compose.ts";
import { contextLines, splitLines } from "./context-line.ts";
import type { Card, Deck } from "./deck.ts";
import { factsByRule, type KeyPhrases } from "./facts.ts";
import { familiesNamed, T3_FAMILIES, TEMPORAL_FAMILIES } from "./families.ts";
import { type Family, NO_COMPANY } from "./family.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { FingerprintSet } from "./fingerprint-set.ts";
import type { Split, T3Row } from "./row.ts";

export type T3Options = Readonly<{
  seed: number | string;
  /** Names out of T3_FAMILIES, equally often as far as the captions allow; default: the temporal ones. */
  families?: readonly string[];
  /** Context lines per original caption, equally often; default [1]. */
  padding?: readonly number[];
  /** Which side of the split to write; default "both", training rows first. */
  split?: Split | "both";
  /** Rows over both splits; default one per caption. Fewer come when the captions give no more different questions. */
  rows?: number;
  /** Share of sources that goes to validation, by hash of the source id; default 0.05. */
  validation?: number;
  /** Where key phrases and attributes come from; default by rule. */
  keyPhrases?: KeyPhrases;
  /** "first-sentence" (default, as T3's base variant) or the whole caption as the context line. */
  context?: "first-sentence" | "full";
  /** Told about every caption or attempt that gives no row: "duplicate caption", "attribute: no attribute with a value". */
  onSkip?: (reason: string, caption: Caption) => void;
}>;

/** T3 rows from any captions. Throws RangeError on an unknown family, or a padding, rows or validation out of range. */
export function* synthesiseT3(captions: Iterable<Caption>, options: T3Options): Generator<T3Row, void, void> {
  checkOptions(options);
  const { validation = 0.05, split = "both", onSkip = () => {} } = options;
  const lines = contextLines(captions, options.context ?? "first-sentence", onSkip);
  const sides = splitLines(lines, validation);
  const rows = options.rows ?? lines.length;
  const validationRows = sides.train.length === 0 ? rows : Math.round((rows * sides.validation.length) / lines.length);
  if (split !== "validation") {
    yield* rowsOf(sides.train, { ...options, split: "train", rows: split === "both" ? rows - validationRows : rows });
  }
  if (split !== "train") {
    yield* rowsOf(sides.validation, {
      ...options,
      split: "validation",
      rows: split === "both" ? validationRows : rows,
    });
  }
}

function* rowsOf(
  cards: readonly Card[],
  options: T3Options & { split: Split; rows: number },
): Generator<T3Row, void, void> {
  const { split, rows, onSkip = () => {} } = options;
  if (cards.length === 0 || rows === 0) return;
  const rng = new Rng(`t3/${options.seed}`).fork(split);
  const deck: Deck = { cards, keyPhrases: options.keyPhrases ?? factsByRule, rng: rng.fork("deck") };
  const letters = balance("letters", rng.fork("letters"));
  const slots = balance("slots", rng.fork("slots"));
  const { families = TEMPORAL_FAMILIES, padding: paddings = [1] } = options;
  let sources = familiesNamed(families).flatMap((family) =>
    family.levels.flatMap((level) =>
      paddings.map((padding) => {
        const barren = new Set<Card>();
        const order = rng.fork(`${family.name}/${level}/${padding}`);
        return { family, level, padding, barren, leads: endless(deck.cards, order, barren) };
      }),
    ),
  );
  const pairs = families.flatMap((family) => paddings.map((padding) => ({ family, padding })));
  const schedule = endless(pairs, rng.fork("schedule"));
  const asked = new FingerprintSet();
  for (let count = 0; count < rows && sources.length > 0; ) {
    const { family, padding } = schedule() as (typeof pairs)[number];
    const source = sources.find((each) => each.family.name === family && each.padding === padding);
    if (!source) continue;
    const made = nextRow(source, { deck, letters, slots, asked, onSkip, named: { split, count } });
    sources = sources.filter((each) => each !== source);
    if (!made) continue;
    sources.push(source);
    count++;
    yield made;
  }
}

/** `barren` holds leads that can never give a question of this family and level: nobody asks them twice. */
type RowSource = { family: Family; level: string; padding: number; barren: Set<Card>; leads: () => Card | undefined };
type RowContext = {
  deck: Deck;
  letters: Balance;
  slots: Balance;
  asked: FingerprintSet;
  onSkip: (reason: string, caption: Caption) => void;
  named: { split: Split; count: number };
};

/** The next row of a family, level and padding, or undefined after four vain attempts for every caption that could lead. */
function nextRow({ family, level, padding, barren, leads }: RowSource, context: RowContext): T3Row | undefined {
  const { deck, letters, slots, asked, onSkip } = context;
  const { split, count } = context.named;
  const id = `t3-${split}-${family.name}-${level}-${padding}x-${count}`;
  for (let vain = 0; vain < 4 * (deck.cards.length - barren.size); ) {
    const lead = leads();
    if (!lead) return undefined;
    const draft = family.draft({ deck, rng: deck.rng, lead, balance: slots }, level);
    if ("skip" in draft) {
      onSkip(`${family.name}: ${draft.skip}`, lead.caption);
      if (draft === NO_COMPANY) vain++;
      else barren.add(lead);
      continue;
    }
    const fingerprint = fingerprintOf(draft, padding);
    if (asked.has(fingerprint)) {
      onSkip(`${family.name}: question already asked`, lead.caption);
      vain++;
      continue;
    }
    const row = composeRow(draft, { id, split, family: family.name, level, padding }, { deck, letters });
    if ("skip" in row) {
      onSkip(`${family.name}: ${row.skip}`, lead.caption);
      vain++;
      continue;
    }
    asked.add(fingerprint);
    return row;
  }
  return undefined;
}

/** Endless draws: every item once in random order, then again in another, without those left out by then. */
function endless<T>(items: readonly T[], rng: Rng, leftOut: ReadonlySet<T> = new Set()): () => T | undefined {
  let order: T[] = [];
  return () => {
    if (order.length === 0)
      order = rng.shuffle(leftOut.size === 0 ? items : items.filter((item) => !leftOut.has(item)));
    return order.pop();
  };
}

function checkOptions({ families = TEMPORAL_FAMILIES, padding = [1], rows, validation = 0.05 }: T3Options): void {
  if (families.length === 0)
    throw new RangeError(`Expected at least one family out of ${T3_FAMILIES.join(", ")}, got none.`);
  familiesNamed(families);
  const odd = padding.find((k) => !(Number.isInteger(k) && k >= 1 && k <= 64));
  if (odd !== undefined || padding.length === 0)
    throw new RangeError(`Expected paddings from 1 to 64, got ${odd ?? "none"}.`);
  if (rows !== undefined && !(Number.isInteger(rows) && rows >= 0))
    throw new RangeError(`Expected a row count, got ${rows}.`);
  if (!(validation >= 0 && validation < 1))
    throw new RangeError(`Expected a validation share in [0, 1), got ${validation}.`);
}
