/** What `look-inside` says on a terminal, and the flat figures of its --json. */
import type { LookRecord, StudyRecord } from "../probes/index.ts";

/** "frames-to-last" -> "framesToLast". */
function keyOf(id: string): string {
  return id.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function signed(value: number): string {
  const text = Math.abs(value).toFixed(1);
  return Number(text) === 0 ? text : `${value < 0 ? "-" : "+"}${text}`;
}

/** Probabilities and the change of the right one's, in percent, with each edge cut in all layers. */
export function lookSummary(record: LookRecord, seconds: number): Readonly<Record<string, string | number | null>> {
  const { answers, right, likeliest, logProbabilities, groups, layers, heads, knockOuts } = record;
  return {
    answer: answers[right] ?? null,
    probability: Math.exp(logProbabilities[right] as number),
    likeliest: answers[likeliest] ?? null,
    ...{ layers, heads },
    positions: groups.reduce((sum, { positions }) => sum + positions.length, 0),
    frames: groups.filter(({ kind }) => kind === "frame").length,
    ...Object.fromEntries(knockOuts.map(({ id, whole }) => [keyOf(id), whole])),
    seconds,
  };
}

export function formatLook(record: LookRecord): string {
  const { answers, right, likeliest, logProbabilities, knockOuts, modules, words } = record;
  const width = Math.max(...knockOuts.map(({ title }) => title.length), 20);
  const worst = modules.toSorted((a, b) => a.change - b.change).slice(0, 3);
  return [
    ...answers.map((answer, i) => {
      const marks = [i === right ? "followed" : "", i === likeliest ? "likeliest" : ""].filter((mark) => mark !== "");
      return `p ${Math.exp(logProbabilities[i] as number).toFixed(4)}  ${answer}${marks.length > 0 ? `  (${marks.join(", ")})` : ""}`;
    }),
    "",
    "Change of p(followed), %: cut in all layers, and in the window where it hurts most",
    ...knockOuts.map(({ title, points, whole }) => {
      const least = points.toSorted((a, b) => a.change - b.change)[0];
      const where = least === undefined ? "" : `${signed(least.change)} around layer ${least.centre}`;
      return `${title.padEnd(width)} ${signed(whole).padStart(8)}   ${where}`;
    }),
    "",
    `Modules that the answer needs most: ${worst.map(({ layer, module, change }) => `${module} ${layer} (${change.toFixed(2)} nats)`).join(", ")}`,
    `Last position, layer by layer: ${(words[0]?.states ?? []).map((state) => (state[0]?.word ?? "").trim()).join(" | ")}`,
  ].join("\n");
}

/** For the first two groups of questions (temporal, static): accuracy, and the change of p with each edge cut in all layers. */
export function studySummary(record: StudyRecord, seconds: number): Readonly<Record<string, number | null>> {
  const named = record.groups.slice(0, 2);
  return {
    questions: record.questions,
    videos: record.videos,
    ...Object.fromEntries(
      named.flatMap(({ name, accuracy, correct }) => [
        [`${name}Accuracy`, accuracy.value],
        [`${name}Right`, correct],
      ]),
    ),
    ...Object.fromEntries(
      record.knockOuts.flatMap(({ id, curves }) =>
        curves
          .filter(({ group }) => named.some(({ name }) => name === group))
          .map(({ group, whole }) => [`${group}${keyOf(`-${id}`)}`, whole.change.value]),
      ),
    ),
    seconds,
  };
}

export function formatStudy(record: StudyRecord): string {
  const named = record.groups.slice(0, 2);
  const interval = ({
    value,
    low,
    high,
  }: Readonly<{ value: number | null; low: number | null; high: number | null }>) =>
    value === null || low === null || high === null ? "-" : `${signed(value)} [${signed(low)}, ${signed(high)}]`;
  const width = Math.max(...record.knockOuts.map(({ title }) => title.length));
  return [
    ...record.groups.map(
      ({ name, n, correct, chance, accuracy }) =>
        `${name.padEnd(18)} ${correct} of ${n} right, ${accuracy.value?.toFixed(1) ?? "-"} %, chance ${chance.toFixed(1)} %`,
    ),
    "",
    `Change of p(right), %, cut in all layers: ${named.map(({ name }) => name).join(", ")}`,
    ...record.knockOuts.map(({ title, curves }) => {
      const cells = named.map(({ name }) => curves.find(({ group }) => group === name)?.whole.change);
      return `${title.padEnd(width)} ${cells.map((cell) => (cell ? interval(cell) : "-").padEnd(26)).join(" ")}`.trimEnd();
    }),
  ].join("\n");
}
