/** Evaluation: questions asked, replies read and recorded, scores with intervals, the transfer table. */
export { type Answer, type Reply, readAnswer, type SeenFrame } from "./answer.ts";
export type { RunBenchmarkOptions } from "./benchmark-run.ts";
export { type BenchmarkTable, type BenchmarkTableRow, benchmarkTable } from "./benchmark-table.ts";
export * from "./benchmarks/index.ts";
export { type BenchmarkCheck, type CheckedBenchmark, type CheckOptions, checkBenchmark } from "./check-benchmark.ts";
export * from "./dense-captioning/index.ts";
export { type EstimateRunOptions, estimateRun, type RunEstimate } from "./estimate-run.ts";
export { type AnswerLog, countUnparsed, type EvaluateOptions, type EvaluateProgress, evaluate } from "./evaluate.ts";
export { type FlatScore, flatSummary, formatFlat, scoreFlatReplies } from "./flat-score.ts";
export { formatBenchmarkTable } from "./format-benchmark-table.ts";
export { formatTempCompass, type TempCompassCoverage } from "./format-tempcompass.ts";
export { formatTransferTable, type TableFormat } from "./format-transfer-table.ts";
export {
  askJudge,
  type JudgeLog,
  type JudgeOptions,
  type JudgeQuestion,
  type JudgeResult,
  openJudgeLog,
} from "./judge.ts";
export { framesOfLook, type Look, looks, type Watched, watchVideo } from "./look.ts";
export * from "./moment-benchmarks/index.ts";
export * from "./moments/index.ts";
export { type BenchmarkRun, runBenchmark } from "./run-benchmark.ts";
export * from "./runs/index.ts";
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
export { intervalText, percentText, problemLines, signedText, textTable } from "./text-table.ts";
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
