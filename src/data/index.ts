/** Data: captions in, rows of the field's formats in and out, mixed and checked. */
export type { Caption } from "./caption.ts";
export {
  CONVERSATION_FORMATS,
  type Conversation,
  type ConversationFormat,
  lostIn,
  parseConversation,
  serialiseConversation,
  type Turn,
} from "./conversation.ts";
export { isArrayFormat, readConversations, writeConversations } from "./conversation-file.ts";
export { type Conversion, type ConvertOptions, convertFile } from "./convert.ts";
export { datasetStanza, registerDataset } from "./dataset-info.ts";
export { detectFormat, formatOfRow } from "./detect-format.ts";
export { type JsonRow, jsonRows } from "./json-rows.ts";
export { type JsonValue, jsonValues } from "./json-values.ts";
export { type MixedSource, type MixFile, type MixOptions, type Mixture, mixFiles } from "./mix.ts";
export { type MixtureOptions, type MixturePlan, type MixtureSource, planMixture } from "./mixture-plan.ts";
export * from "./moments/index.ts";
export { type Problem, problem } from "./problem.ts";
export { readCaptions } from "./read-captions.ts";
export { DataFileError } from "./read-error.ts";
export * from "./recipe/index.ts";
export { type RowFault, rowFaults } from "./row-faults.ts";
export { type Fault, type ValidateOptions, type Validation, validateFile } from "./validate.ts";
export { provenancePath, type TextRow, writeRows } from "./write-rows.ts";
