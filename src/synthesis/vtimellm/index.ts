/** VTimeLLM: rows of its three stages, their time tokens, and the text that trains on them. */
export { dialoguePrompt, dialogueRow, readDialogue, templateDialogue } from "./dialogue.ts";
export {
  type EventFilter,
  type EventFilterName,
  type EventList,
  eventFilters,
  eventSentence,
  eventsOf,
  eventWithin,
} from "./events.ts";
export {
  frameNotation,
  parseVtimellmRow,
  renderTurns,
  type TimeNotation,
  type TimeNotationName,
  timeNotationNames,
  timeNotations,
  timeTokensIn,
  type VtimellmMeta,
  type VtimellmRow,
  type VtimellmTurn,
} from "./row.ts";
export { rowFrames } from "./row-frames.ts";
export { denseAnswer, metaOf, type Stage2Options, stage1Row, stage2Row, videoToken, withVideo } from "./stages.ts";
export { denseQuestions, eventQuestions, groundingQuestions } from "./templates.table.ts";
export { plainPieces, systemSentence, type TextPiece, v1Pieces, v1Prompt } from "./training-text.ts";
