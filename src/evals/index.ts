/** Evaluation: questions asked, replies read and recorded, scores with intervals, the transfer table. */
export { type Answer, type Reply, readAnswer, type SeenFrame } from "./answer.ts";
export { countUnparsed, type EvaluateOptions, type EvaluateProgress, evaluate } from "./evaluate.ts";
export { formatTransferTable, type TableFormat } from "./format-transfer-table.ts";
export { openRunLog, type RunConfig, RunLog, type RunRecord, readRunLog } from "./run-log.ts";
export {
  aggregateSeeds,
  compareRuns,
  compareSeeds,
  type Differences,
  type RunPair,
  type Score,
  type ScoreOptions,
  type Scores,
  scoreRun,
} from "./score.ts";
export {
  type Arm,
  type SeedScores,
  type TransferRow,
  type TransferRun,
  type TransferSummary,
  type TransferTable,
  transferSummary,
  transferTable,
} from "./transfer-table.ts";
