/**
 * Everything that can be seen of one question: what the positions hold, where attention goes, what the layers would say, which
 * modules and which edges the answer needs.
 */
import type { LocalModelParts, PromptReader } from "../../chat/index.ts";
import type { Observation, Skip, WhiteBox } from "../../nn/models/index.ts";
import { answersUnder, type InterventionFor, likeliest, relativeChange } from "./intervene.ts";
import { interventionOf, type KnockOutId, knockOutsFor, knockOutTitle, layerWindows } from "./knock-outs.ts";
import { type LookQuestion, type PreparedQuestion, prepareQuestion } from "./prepare-question.ts";

export type LookOptions = Readonly<{
  knockOuts: readonly KnockOutId[];
  /** Layers that a knock-out covers, and the distance of their centres. */
  width: number;
  every: number;
  /** Leave out every head by itself, too. */
  heads: boolean;
  /** Words a state, and positions of each frame that are read. */
  words: number;
  rowsOfFrame: number;
  hidden: boolean;
  attention: boolean;
}>;

/** A word with the natural logarithm of its probability. */
export type SaidWord = Readonly<{ word: string; logProbability: number }>;

export type LookResult = Readonly<{
  layers: number;
  heads: number;
  groups: readonly Readonly<{
    kind: string;
    name: string;
    /** Of a frame's pictures, in seconds. */
    seconds: readonly number[];
    positions: readonly number[];
  }>[];
  answers: readonly string[];
  /** Index of the answer that is right, and of the one that the model finds likeliest. */
  right: number;
  likeliest: number;
  /** log p of each answer as far as it differs from the others. */
  logProbabilities: readonly number[];
  /** [layer][head][query group][key group]: shares of attention, each row adding to 1. */
  attention: readonly (readonly (readonly (readonly number[])[])[])[];
  /** What every state (embeddings, then each layer) would say next, likeliest first, at some positions. */
  words: readonly Readonly<{ group: number; position: number; states: readonly (readonly SaidWord[])[] }>[];
  /** [answer][state]: log p of the token where the answers part. */
  answerByState: readonly (readonly number[])[];
  /** Change of the right answer's log p without a module, or a head ([layer][head]; null where not asked for). */
  modules: readonly Readonly<{ layer: number; module: "attention" | "mlp"; change: number }>[];
  headChanges: readonly (readonly number[])[] | null;
  /** Percent of change of the right answer's p. */
  knockOuts: readonly Readonly<{
    id: KnockOutId;
    title: string;
    points: readonly Readonly<{ centre: number; layers: readonly [number, number]; change: number }>[];
    /** Cut in all layers. */
    whole: number;
  }>[];
}>;

export type LookContext = Readonly<{ signal?: AbortSignal; onProgress?: (done: number, of: number) => void }>;

/** Look at one question. The observation holds what LookOptions asks to be kept whole. */
export async function lookInside(
  { tokenizer, reader, box }: Pick<LocalModelParts, "tokenizer"> & Readonly<{ reader: PromptReader; box: WhiteBox }>,
  question: LookQuestion,
  options: LookOptions & LookContext,
): Promise<Readonly<{ result: LookResult; prepared: PreparedQuestion; observation: Observation }>> {
  const { signal, onProgress, width, every } = options;
  const prepared = await prepareQuestion(reader, question, signal);
  const { view, viewGroups, answers, right } = prepared;
  const readings = readingsOf(prepared, options.rowsOfFrame);
  const observation = await box.observe(view, {
    readings: readings.map(({ position }) => position),
    ...{ words: options.words, hidden: options.hidden, attention: options.attention },
  });
  const knockOuts = knockOutsFor(prepared, options.knockOuts);
  const windows = layerWindows(box.layers, { width, every });
  const skips = skipsOf(box, options.heads);
  const whole = [0, box.layers] as const;
  const interventions: InterventionFor[] = [
    () => ({}),
    ...skips.map((skip) => () => ({ skips: [skip] })),
    ...knockOuts.flatMap((id) =>
      [...windows.map(({ layers }) => layers), whole].map(
        (layers): InterventionFor =>
          (context) =>
            interventionOf(id, context, layers),
      ),
    ),
  ];
  const all = await answersUnder(box, prepared, interventions, {
    ...(signal && { signal }),
    ...(onProgress && { onProgress: (done: number) => onProgress(done, interventions.length) }),
  });
  const base = all[0] as number[];
  const changeOf = (i: number) => (all[i]?.[right] as number) - (base[right] as number);
  const percentOf = (i: number) => relativeChange(all[i]?.[right] as number, base[right] as number);
  const modules = skips.flatMap((skip, i) => ("module" in skip ? [{ ...skip, change: changeOf(1 + i) }] : []));
  const firstCut = 1 + skips.length;
  const result: LookResult = {
    ...{ layers: box.layers, heads: box.heads, answers, right, likeliest: likeliest(base), logProbabilities: base },
    groups: viewGroups.map(({ kind, name, seconds, positions }) => ({ kind, name, seconds, positions })),
    attention: observation.attentionGroups.map((map) => mapOf(map, box.heads, view.groups)),
    words: readings.map(({ group, position }, n) => ({
      ...{ group, position },
      states: observation.wordIds.map((ids, state) =>
        wordsAt(ids, observation.wordLogProbabilities[state] as Float32Array, { n, of: readings.length, tokenizer }),
      ),
    })),
    answerByState: answers.map((_, i) => observation.targetLogProbabilities.map((state) => state[i] as number)),
    modules,
    headChanges: options.heads
      ? Array.from({ length: box.layers }, (_, layer) =>
          Array.from({ length: box.heads }, (_, head) => changeOf(1 + 2 * box.layers + layer * box.heads + head)),
        )
      : null,
    knockOuts: knockOuts.map((id, k) => {
      const first = firstCut + k * (windows.length + 1);
      const points = windows.map((window, i) => ({ ...window, change: percentOf(first + i) }));
      return { id, title: knockOutTitle(id), points, whole: percentOf(first + windows.length) };
    }),
  };
  return { result, prepared, observation };
}

/** Each layer's attention and MLP; then, if wanted, every head. */
export function skipsOf({ layers, heads }: Readonly<{ layers: number; heads: number }>, withHeads: boolean): Skip[] {
  const modules = Array.from({ length: layers }, (_, layer): Skip[] => [
    { layer, module: "attention" },
    { layer, module: "mlp" },
  ]);
  const single = Array.from(
    { length: layers * heads },
    (_, i): Skip => ({ layer: Math.floor(i / heads), head: i % heads }),
  );
  return [...modules.flat(), ...(withHeads ? single : [])];
}

/** The last position, and of each frame a few rows spread evenly. */
function readingsOf({ viewGroups, frameRows, view }: PreparedQuestion, most: number) {
  const frames = viewGroups.flatMap(({ kind }, group) => (kind === "frame" ? [group] : []));
  const inFrames = frames.flatMap((group, i) => {
    const rows = frameRows[i] ?? [];
    const count = Math.min(most, rows.length);
    return Array.from({ length: count }, (_, n) => ({
      group,
      position: rows[Math.floor(((n + 0.5) * rows.length) / count)] as number,
    }));
  });
  return [{ group: viewGroups.length - 1, position: view.groupOf.length - 1 }, ...inFrames];
}

function mapOf(map: Float32Array, heads: number, groups: number): number[][][] {
  const rowOf = (head: number, group: number) => {
    const at = (head * groups + group) * groups;
    return Array.from(map.subarray(at, at + groups), (share) => Number(share.toFixed(5)));
  };
  return Array.from({ length: heads }, (_, head) => Array.from({ length: groups }, (_, group) => rowOf(head, group)));
}

function wordsAt(
  ids: Int32Array,
  logs: Float32Array,
  { n, of, tokenizer }: Readonly<{ n: number; of: number }> & Pick<LocalModelParts, "tokenizer">,
): SaidWord[] {
  const each = ids.length / of;
  return Array.from(ids.subarray(n * each, (n + 1) * each), (id, i) => ({
    word: tokenizer.decode([id]),
    logProbability: Number((logs[n * each + i] as number).toFixed(4)),
  }));
}
