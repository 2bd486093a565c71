/** `zoetrope runs rescore --as`: the score by other code bases' rules, and what they would have shown instead. */
import { writeAtomically } from "../core/files/index.ts";
import {
  intervalText,
  percentText,
  type Replay,
  type ReplayPreset,
  type RunConfig,
  type RunRow,
  replayRun,
  textTable,
} from "../evals/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { type Rescored, rescoredOf, type Spread, spreadOf, spreadText } from "./runs-rescore-table.ts";

/** A run in memory, and how it is to be scored. */
export type LoadedRun = Readonly<{
  path: string;
  config: RunConfig;
  rows: readonly RunRow[];
  seed: number;
  metric: string;
  json: boolean;
}>;
type As = Readonly<{ presets: readonly ReplayPreset[]; askAgain: string | undefined }>;
/** A preset's replay with its figures: over all replies, and over those to the same frames. */
type Scored = Readonly<{ replay: Replay; all: Rescored; onSame: Rescored }>;

export async function replayAs(
  { path, config, rows, seed, metric, json }: LoadedRun,
  { presets, askAgain }: As,
  context: CommandContext,
): Promise<void> {
  const bar = context.progress().task("replay", { total: rows.length, unit: "samples" });
  const replays = await replayRun(config, rows, { presets, onRow: (done) => bar.update(done) });
  bar.finish();
  const options = { base: rows, metric, seed };
  const recorded = rescoredOf("recorded", rows, options);
  const scored = replays.map((replay): Scored => {
    const { preset, outcomes, same } = replay;
    return {
      replay,
      all: rescoredOf(preset.name, outcomes, options),
      onSame: rescoredOf(
        preset.name,
        outcomes.filter(({ id }) => same.has(id)),
        options,
      ),
    };
  });
  if (askAgain !== undefined) writeAtomically(askAgain, askAgainLines(replays));
  const spread = spreadOf(
    recorded,
    scored.flatMap(({ replay, all }) => (replay.reads === null ? [] : [all])),
  );
  if (json) {
    const again = Object.fromEntries(replays.map(({ preset, frames }) => [`askAgain.${preset.name}`, frames.other]));
    printJson({
      ...{
        command: "runs rescore",
        path,
        summary: { recorded: recorded.value, ...spread, partial: spread.partial.join(", "), ...again },
        metric,
        recorded,
      },
      presets: scored.map(({ replay: { preset, reads, why, frames, evenly }, all, onSame }) => ({
        ...{ preset: preset.name, shows: preset.shows, reads, why, frames, evenly, all, onSame },
      })),
      askAgain: askAgain ?? null,
    });
    return;
  }
  printText(replayText({ path, config, metric, recorded }, scored, spread));
  if (askAgain !== undefined) printText(`-> ${askAgain}`);
}

type Head = Readonly<{ path: string; config: RunConfig; metric: string; recorded: Rescored }>;

function replayText({ path, config, metric, recorded }: Head, scored: readonly Scored[], spread: Spread): string {
  const own = [
    [
      "recorded",
      config.fingerprint.parts.parser ?? "as recorded",
      percentText(recorded.value),
      intervalText(recorded.low, recorded.high),
      String(recorded.unparsed),
      "",
      "",
      "",
    ],
  ];
  const rows = scored.map(({ replay: { preset, reads, frames }, all, onSame }) => [
    preset.name,
    reads ?? "as recorded",
    percentText(all.value),
    intervalText(all.low, all.high),
    String(all.unparsed),
    `${frames.same} of ${frames.same + frames.other + frames.unknown}`,
    frames.same === 0 ? "-" : percentText(onSame.value),
    frames.unknown > 0 ? `${frames.other} + ${frames.unknown} not told` : String(frames.other),
  ]);
  const notes = scored.flatMap(({ replay: { preset, why, evenly } }) => [
    ...(why === null ? [] : [`${preset.name}: ${why}; its score is the recorded one.`]),
    ...(evenly === 0
      ? []
      : [
          `${preset.name}: the videos of ${evenly} samples are not here (or not the same any more); their frames are taken for evenly spaced.`,
        ]),
  ]);
  return [
    `${path}: ${config.benchmark}, ${config.model}, frames by ${config.fingerprint.parts.sampler ?? "an unknown sampler"}`,
    "",
    textTable(
      ["as", "read by", metric, "95 %", "unparsed", "same frames", "score there", "to ask again"],
      [...own, ...rows],
    ),
    "",
    ...spreadText(spread),
    "A reply to other frames is not known: those samples would have to be asked again. Prompts stay the run's own.",
    ...notes,
  ].join("\n");
}

function* askAgainLines(replays: readonly Replay[]): Generator<string, void, void> {
  for (const { preset, askAgain } of replays) {
    for (const sample of askAgain) yield `${JSON.stringify({ as: preset.name, ...sample })}\n`;
  }
}
