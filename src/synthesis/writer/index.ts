/** The writer: T3 questions by a language model, cached and checked. */
export { WRITTEN_FAMILIES, type WrittenFamily } from "./prompt.ts";
export { openReplyCache, type ReplyCache } from "./reply-cache.ts";
export { type WriterOptions, type WrittenRow, writeT3 } from "./write-t3.ts";
