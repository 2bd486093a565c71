/** Runs: their log, fingerprints, what can be done with a log and no model. */
export { answerOf, answerRow, partsOfSamples } from "./answer-row.ts";
export { captionsRow } from "./captions-row.ts";
export { type ExportFormat, exportFormats, exportLines } from "./export/export-run.ts";
export * from "./format/index.ts";
export {
  type GroundingRules,
  groundingRow,
  groundingRules,
  momentParse,
  rulesName,
  settingsOfRules,
} from "./grounding-row.ts";
export { highlightsRow, type TextReply } from "./highlights-row.ts";
export { importLog } from "./import/import-log.ts";
export type { ImportedRun, ImportOptions } from "./import/imported.ts";
export { itemOf, itemRow } from "./item-row.ts";
export { type LetterRule, letterRules } from "./letter-readers.ts";
export { type LogScore, type LogScoreOptions, scoreLog } from "./log-score.ts";
export { makeRow, type RowSource, shownFrames } from "./make-row.ts";
export { mediaOf } from "./media-of.ts";
export { type ReplayPreset, replayPreset, replayPresets } from "./replay/presets.ts";
export {
  type AskAgain,
  type FrameMatch,
  type Replay,
  replayRun,
} from "./replay/replay.ts";
export { parsersOf, type Rereading, rereadConfig, rereadRow } from "./rescore.ts";
export { type LogKind, openRowLog, type RowLog, readRowLog } from "./row-log.ts";
export {
  docHash,
  fingerprintOf,
  hashOfAll,
  type RunDescription,
  runConfig,
  sha256,
} from "./run-config.ts";
export { defaultRuns, listRuns, type RunEntry, type RunList, resolveRun } from "./run-folder.ts";
export { type OpenedRun, openRunLog, RunLog, readRun } from "./run-log.ts";
export { type FinishedRun, runLines, writeRun } from "./write-run.ts";
