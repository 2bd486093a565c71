/**
 * Knock-outs and skipped modules over many questions: which edges do answers need, and where in the model? Means with
 * intervals clustered by video. One file holds what each question gave, and the same call goes on with a broken-off study.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { PromptReader } from "../../chat/index.ts";
import { writeAtomically } from "../../core/files/index.ts";
import { clusterBootstrap, type Estimate, Rng } from "../../core/math/index.ts";
import type { WhiteBox } from "../../nn/models/index.ts";
import { answersUnder, type InterventionFor, likeliest, relativeChange } from "./intervene.ts";
import { interventionOf, type KnockOutId, knockOutsFor, knockOutTitle, layerWindows } from "./knock-outs.ts";
import { skipsOf } from "./look-inside.ts";
import { type LookQuestion, prepareQuestion } from "./prepare-question.ts";

export type StudyQuestion = Readonly<{
  id: string;
  video: string;
  /** Curves are drawn for each of these: a task, a kind of task. */
  groups: readonly string[];
  /** Which seed its video was drawn with; a source of spread of its own. */
  run: number;
  load(): Promise<LookQuestion>;
}>;

export type StudyOptions = Readonly<{
  questions: readonly StudyQuestion[];
  knockOuts: readonly KnockOutId[];
  width: number;
  every: number;
  /** JSON Lines, one question each. */
  log: string;
  /** Whatever else the figures depend on: the model's fingerprint, how frames were chosen. */
  settings: Readonly<Record<string, unknown>>;
  signal?: AbortSignal;
  onProgress?: (done: number, of: number) => void;
}>;

/** Percent of change of p(right answer) over the questions that the whole model answers rightly, and accuracy over all. */
export type StudyPoint = Readonly<{ change: Estimate; accuracy: Estimate }>;

export type StudyResult = Readonly<{
  layers: number;
  heads: number;
  width: number;
  every: number;
  groups: readonly Readonly<{
    name: string;
    n: number;
    videos: number;
    correct: number;
    chance: number;
    accuracy: Estimate;
  }>[];
  knockOuts: readonly Readonly<{
    id: KnockOutId;
    title: string;
    curves: readonly Readonly<{
      group: string;
      points: readonly (StudyPoint & Readonly<{ centre: number; layers: readonly [number, number] }>)[];
      /** Cut in all layers. */
      whole: StudyPoint;
    }>[];
  }>[];
  modules: readonly (StudyPoint & Readonly<{ group: string; layer: number; module: "attention" | "mlp" }>)[];
}>;

type Answered = Readonly<{ id: string; right: number; answers: readonly (readonly number[])[] }>;

/** Throws an Error when the log is of another study. */
export async function knockOutStudy(
  { reader, box }: Readonly<{ reader: PromptReader; box: WhiteBox }>,
  options: StudyOptions,
): Promise<StudyResult> {
  const { questions, width, every, signal, onProgress } = options;
  const windows = layerWindows(box.layers, { width, every });
  const ranges = [...windows.map(({ layers }) => layers), [0, box.layers] as const];
  const skips = skipsOf(box, false);
  const kept = openLog(options);
  for (const [done, { id, load }] of questions.entries()) {
    onProgress?.(done, questions.length);
    if (kept.has(id)) continue;
    signal?.throwIfAborted();
    const prepared = await prepareQuestion(reader, await load(), signal);
    const interventions: InterventionFor[] = [
      () => ({}),
      ...skips.map((skip) => () => ({ skips: [skip] })),
      ...knockOutsFor(prepared, options.knockOuts).flatMap((cut) =>
        ranges.map(
          (layers): InterventionFor =>
            (context) =>
              interventionOf(cut, context, layers),
        ),
      ),
    ];
    const answers = await answersUnder(box, prepared, interventions, signal ? { signal } : {});
    const answered: Answered = { id, right: prepared.right, answers };
    appendFileSync(options.log, `${JSON.stringify(answered)}\n`);
    kept.set(id, answered);
  }
  onProgress?.(questions.length, questions.length);
  return figuresOf({ ...options, kept, box, windows });
}

type Figures = Pick<StudyOptions, "questions" | "knockOuts" | "width" | "every"> &
  Readonly<{
    kept: ReadonlyMap<string, Answered>;
    box: Pick<WhiteBox, "layers" | "heads">;
    windows: ReturnType<typeof layerWindows>;
  }>;

function figuresOf({ questions, kept, box, windows, knockOuts, width, every }: Figures): StudyResult {
  // Kinds first, then tasks.
  const depth = Math.max(...questions.map(({ groups }) => groups.length));
  const names = [
    ...new Set(Array.from({ length: depth }, (_, i) => questions.flatMap(({ groups }) => groups[i] ?? [])).flat()),
  ];
  const skips = skipsOf(box, false);
  const observe = (group: string, figure: (answered: Answered) => number | null) =>
    questions.flatMap(({ id, video, groups, run }) => {
      const value = groups.includes(group) ? figure(kept.get(id) as Answered) : null;
      return value === null || Number.isNaN(value) ? [] : [{ value, cluster: video, run }];
    });
  const estimate = (name: string, observations: ReturnType<typeof observe>, bounds: readonly [number, number]) =>
    clusterBootstrap(observations, bounds, { rng: new Rng(`look-inside/${name}`), resamples: 1000 });
  /** A cut that nothing behind it reads changes exactly nothing: no sample could say otherwise. */
  const estimateChange = (name: string, observations: ReturnType<typeof observe>): Estimate => {
    const found = estimate(name, observations, [-100, 100]);
    const isNothing = observations.length > 0 && observations.every(({ value }) => value === 0);
    return isNothing ? { ...found, low: 0, high: 0 } : found;
  };
  const isRight = ({ right, answers }: Answered, i: number) => {
    const logs = answers[i];
    return logs === undefined ? null : likeliest(logs) === right;
  };
  const percent = (claim: boolean | null) => (claim === null ? null : claim ? 100 : 0);
  const pointOf = (group: string, i: number): StudyPoint => ({
    change: estimateChange(
      `${group}/${i}`,
      observe(group, (answered) =>
        isRight(answered, 0) && answered.answers[i] !== undefined
          ? relativeChange(
              answered.answers[i]?.[answered.right] as number,
              answered.answers[0]?.[answered.right] as number,
            )
          : null,
      ),
    ),
    accuracy: estimate(
      `${group}/${i}/accuracy`,
      observe(group, (answered) => percent(isRight(answered, i))),
      [0, 100],
    ),
  });
  const first = 1 + skips.length;
  return {
    ...{ layers: box.layers, heads: box.heads, width, every },
    groups: names.map((name) => {
      const own = questions.filter(({ groups }) => groups.includes(name)).map(({ id }) => kept.get(id) as Answered);
      const { accuracy } = pointOf(name, 0);
      const chances = own.map(({ answers }) => 100 / (answers[0]?.length ?? 1));
      return {
        ...{ name, n: own.length, videos: accuracy.clusters, accuracy },
        correct: own.filter((answered) => isRight(answered, 0)).length,
        chance: chances.reduce((a, b) => a + b, 0) / own.length,
      };
    }),
    knockOuts: knockOuts.map((id, k) => ({
      ...{ id, title: knockOutTitle(id) },
      curves: names.map((group) => {
        const at = first + k * (windows.length + 1);
        const points = windows.map((window, i) => ({ ...window, ...pointOf(group, at + i) }));
        return { group, points, whole: pointOf(group, at + windows.length) };
      }),
    })),
    modules: names.flatMap((group) =>
      skips.flatMap((skip, i) => ("module" in skip ? [{ group, ...skip, ...pointOf(group, 1 + i) }] : [])),
    ),
  };
}

/** What was answered earlier, by the id of its question. The first line says what the study is of. */
function openLog({ log, settings, knockOuts, width, every }: StudyOptions): Map<string, Answered> {
  const header = JSON.stringify({ format: "zoetrope-knock-out-log", ...settings, knockOuts, width, every });
  mkdirSync(dirname(log), { recursive: true });
  if (!existsSync(log)) {
    writeAtomically(log, [`${header}\n`]);
    return new Map();
  }
  // A line that was not finished when the machine went down is asked again.
  const [begun, ...lines] = readFileSync(log, "utf8").split("\n").slice(0, -1);
  if (begun !== header) {
    throw new Error(
      `Expected ${log} to be of this study, got one with other settings. Pass another --out, or remove it.`,
    );
  }
  writeAtomically(log, [[header, ...lines, ""].join("\n")]);
  return new Map(lines.map((line) => JSON.parse(line) as Answered).map((answered) => [answered.id, answered]));
}
