/** Reports: one self-contained HTML file, with plots of our own. */
export {
  type AnalysisReport,
  type Compared,
  type Finding,
  type FrameRow,
  type MixtureRow,
  type ModelRow,
  type ModuleRow,
  type PaperFrames,
  type PaperModules,
  type PaperScores,
  type QuestionGroup,
  questionGroups,
  type TextVideo,
  type TextVideoPoint,
  type Verdict,
} from "./analysis-data.ts";
export { analysisPage, writeAnalysisReport } from "./analysis-report.ts";
export { type BenchmarkReport, benchmarkPage, writeBenchmarkReport } from "./benchmark-report.ts";
export { type FrameStrip, frameStrip } from "./frame-strip.ts";
export { type StudyReport, studyPage, writeStudyReport } from "./knock-out-report.ts";
export { type LookReport, lookPage, writeLookReport } from "./look-inside-report.ts";
export type {
  DenseExample,
  MomentsClaim,
  MomentsExample,
  MomentsFigure,
  MomentsLoss,
  MomentsReport,
  MomentsSpan,
} from "./moments-data.ts";
export { momentsPage, writeMomentsReport } from "./moments-report.ts";
export { type OverlayPoint, type OverlayReport, overlayPage, writeOverlayReport } from "./overlay-report.ts";
export { type AnswerTriple, type PickedExamples, pickExamples } from "./pick-examples.ts";
export { type ProbeExample, type ProbeReport, probePage, writeProbeReport } from "./probe-report.ts";
export type { LossCurve, Provenance, ReportExample, TextRow, TransferReport } from "./report-data.ts";
export { correlationText, type ScatterPlot, type ScatterPoint, scatterPlot } from "./scatter-plot.ts";
export { transferPage, writeTransferReport } from "./transfer-report.ts";
