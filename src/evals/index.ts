/** Evaluation: questions asked, replies read and recorded, scores with intervals, the transfer table. */
export { type Answer, type Reply, readAnswer, type SeenFrame } from "./answer.ts";
export { type BenchmarkRow, type BenchmarkRunConfig, benchmarkRunLog } from "./benchmark-run.ts";
export { type BenchmarkTable, type BenchmarkTableRow, benchmarkTable } from "./benchmark-table.ts";
export * from "./benchmarks/index.ts";
export { type BenchmarkCheck, type CheckOptions, checkBenchmark } from "./check-benchmark.ts";
export * from "./dense-captioning/index.ts";
export { countUnparsed, type EvaluateOptions, type EvaluateProgress, evaluate } from "./evaluate.ts";
export { formatBenchmarkTable } from "./format-benchmark-table.ts";
export { formatTempCompass, type TempCompassCoverage } from "./format-tempcompass.ts";
export { formatTransferTable, type TableFormat } from "./format-transfer-table.ts";
export { askJudge, type JudgeOptions, type JudgeQuestion, type JudgeResult, judgeLog } from "./judge.ts";
export { framesOfLook, type Look, looks, watchVideo } from "./look.ts";
export * from "./moments/index.ts";
export { type LogKind, openRowLog, type RowLog, readRowLog } from "./row-log.ts";
export { type BenchmarkRun, type RunBenchmarkOptions, runBenchmark } from "./run-benchmark.ts";
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
export { intervalText, percentText, problemLines, textTable } from "./text-table.ts";
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
