/** Data: captions in, rows of the field's formats in and out. */
export type { Caption } from "./caption.ts";
export {
  CONVERSATION_FORMATS,
  type Conversation,
  type ConversationFormat,
  parseConversation,
  serialiseConversation,
  type Turn,
} from "./conversation.ts";
export { readConversations, writeConversations } from "./conversation-file.ts";
export { type JsonValue, jsonValues } from "./json-values.ts";
export { readCaptions } from "./read-captions.ts";
export { DataFileError } from "./read-error.ts";
