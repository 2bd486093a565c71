/**
 * POST /v1/chat/completions: read, look, ask, answer; whole or as a stream.
 */
import type { Reply } from "../chat/index.ts";
import { type Admission, clientGone } from "./admissions.ts";
import { type AnswerForm, type Content, formAnswer } from "./answer-form.ts";
import { asApiError, invalid } from "./api-error.ts";
import { type ChatRequest, parseChatRequest, type RequestMessage } from "./chat-request.ts";
import {
  type CompletionHead,
  completion,
  completionHead,
  firstChunk,
  lastChunk,
  textChunk,
  usageChunk,
} from "./completion.ts";
import { eventStream } from "./event-stream.ts";
import type { Prepared } from "./media-reader.ts";
import { readBody } from "./read-body.ts";
import type { ServedModel } from "./served-model.ts";
import { modelNamed, type ServerContext, type ServerParts } from "./server-parts.ts";

/** A question that has its frames and waits for its model; the request's own messages, with their media, are forgotten. */
type Asked = Readonly<{
  request: Omit<ChatRequest, "messages">;
  model: ServedModel;
  prepared: Prepared;
  admission: Admission;
  head: CompletionHead;
}>;

/** Throws ApiError, or clientGone when nobody listens any more. */
export async function answerChat(context: ServerContext, parts: ServerParts): Promise<Response> {
  const { admissions, stats } = parts;
  const admission = admissions.admit(context.req.raw.signal, () => stats.retrySeconds);
  let isHandedOn = false;
  try {
    const asked = await prepare(context, admission, parts);
    if (!asked.request.stream) return await answerWhole(asked, parts);
    const response = await answerInPieces(asked, parts);
    isHandedOn = true;
    return response;
  } catch (error) {
    if (error === clientGone) stats.cancelled++;
    throw error;
  } finally {
    if (!isHandedOn) admission.end();
  }
}

async function prepare({ env }: ServerContext, admission: Admission, parts: ServerParts): Promise<Asked> {
  const { limits, media, byDefault } = parts;
  const { holding, signal } = admission;
  const body = await readBody(env.incoming, { limits, holding, signal });
  const { messages, ...request } = parseChatRequest(body, { limits, byDefault });
  const model = modelNamed(request.model, parts);
  const { accepts, processor, fingerprint } = model.facts;
  const picture = messages.flatMap(({ content }) => content).find(({ type }) => type !== "text");
  if (picture && picture.type !== "text" && !accepts.includes("image")) {
    throw invalid(picture.param, `Expected text for ${model.id}, which takes no pictures.`, "unsupported_part");
  }
  refuseEndlessText(messages, model);
  const prepared = await media.read(messages, { processor, holding, signal });
  // Body and files are frames by now.
  holding.release();
  return { request, model, prepared, admission, head: completionHead(model.id, fingerprint) };
}

/** What is longer than the context whatever its tokens are is not worth cutting into them. */
function refuseEndlessText(messages: readonly RequestMessage[], { facts, id }: ServedModel): void {
  if (facts.context === null) return;
  const texts = messages.flatMap(({ content }) => content.map((part) => (part.type === "text" ? part.text.length : 0)));
  const characters = texts.reduce((sum, length) => sum + length, 0);
  if (characters <= longestToken * facts.context) return;
  const sentence = `Expected a prompt that fits the ${facts.context} tokens of ${id}, got ${characters} characters of text.`;
  throw invalid("messages", sentence, "context_length_exceeded");
}

/** Characters: more than any tokenizer of the families here joins. */
const longestToken = 128;

async function answerWhole(
  { request, model, prepared, admission, head }: Asked,
  parts: ServerParts,
): Promise<Response> {
  try {
    const { signal } = admission;
    const reply = await model.ask({ messages: prepared.messages, options: request.options, signal });
    count(reply, admission, parts);
    return Response.json(
      completion(head, reply, { content: contentOf(reply, request.form, prepared), seen: prepared.seen }),
    );
  } finally {
    prepared.release();
  }
}

/** Resolves with the first piece, so that what goes wrong before it is an error with a status of its own. */
async function answerInPieces(asked: Asked, parts: ServerParts): Promise<Response> {
  const { request, model, prepared, admission, head } = asked;
  const stream = eventStream();
  const end = () => {
    prepared.release();
    admission.end();
  };
  stream.write(firstChunk(head));
  let begin: () => void = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const onText = (piece: string) => {
    begin();
    // An answer in a form is not known before its end.
    if (!request.form) stream.write(textChunk(head, { content: piece }));
  };
  const answered = model.ask({
    messages: prepared.messages,
    options: request.options,
    signal: admission.signal,
    onText,
  });
  const written = answered.then((reply) => {
    count(reply, admission, parts);
    if (request.form) stream.write(textChunk(head, contentOf(reply, request.form, prepared)));
    stream.write(lastChunk(head, reply, prepared.seen));
    if (request.includeUsage) stream.write(usageChunk(head, reply));
    stream.write("[DONE]");
  });
  try {
    await Promise.race([begun, written]);
  } catch (error) {
    prepared.release();
    throw error;
  }
  // From here on the status is sent: what goes wrong is told inside the stream.
  void written
    .catch((error: unknown) => {
      if (error === clientGone) parts.stats.cancelled++;
      else stream.write(asApiError(error));
      if (asApiError(error).status === 500 && error !== clientGone) parts.onError(error);
    })
    .finally(() => {
      stream.close();
      end();
    });
  return new Response(stream.body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
      "x-accel-buffering": "no",
    },
  });
}

function contentOf({ text }: Reply, form: AnswerForm | null, { seen, duration }: Prepared): Content {
  if (form === null) return { content: text, refusal: null };
  const times = seen.flatMap(({ time }) => (time === null ? [] : [time]));
  return formAnswer(text, form, {
    ...(duration !== null && { duration }),
    ...(times.length === seen.length && { frameTimes: times }),
  });
}

function count({ promptTokens, newTokens }: Reply, { began }: Admission, { stats }: ServerParts): void {
  stats.answered({ promptTokens, newTokens, ms: performance.now() - began });
}
