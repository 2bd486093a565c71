/**
 * A server that speaks the OpenAI-compatible chat API, asked from the browser: every frame as an image_url behind its time
 * in words, the shape that nearly every server takes.
 */

import { z } from "zod";
import type { Reply } from "zoetrope/chat";
import { encodeJpeg } from "zoetrope/media/image";
import type { Frame } from "zoetrope/media/video";

export type Endpoint = Readonly<{ url: string; model: string; key: string }>;

const completion = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        message: z.looseObject({ content: z.string().nullish() }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: z.looseObject({ prompt_tokens: z.number().nullish(), completion_tokens: z.number().nullish() }).nullish(),
});

type Ask = Readonly<{ text: string; frames: readonly Frame[]; maxTokens: number; signal: AbortSignal }>;

/** One question about some frames. Throws one sentence that says what the server did and what to try. */
export async function askEndpoint(endpoint: Endpoint, { text, frames, maxTokens, signal }: Ask): Promise<Reply> {
  const images = await Promise.all(frames.map(async ({ image }) => dataUrl(await encodeJpeg(image, { quality: 90 }))));
  const shown = frames.flatMap(({ time }, i) => [
    { type: "text", text: `<${time.toFixed(1)} seconds>` },
    { type: "image_url", image_url: { url: images[i] } },
  ]);
  const body = {
    model: endpoint.model,
    messages: [{ role: "user", content: [...shown, { type: "text", text }] }],
    temperature: 0,
    max_tokens: maxTokens,
  };
  const url = `${endpoint.url.replace(/\/+$/, "")}/chat/completions`;
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(endpoint.key !== "" && { authorization: `Bearer ${endpoint.key}` }),
    },
    body: JSON.stringify(body),
    signal,
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new Error(unreachable(url), { cause: error });
  });
  const raw = await response.text().catch((error: unknown) => {
    signal.throwIfAborted();
    throw new Error(`Expected an answer from ${url}, but the server went away while it answered. Ask again.`, {
      cause: error,
    });
  });
  if (!response.ok) throw new Error(refused(url, response.status, raw));
  const parsed = completion.safeParse(jsonOf(raw));
  if (!parsed.success) {
    throw new Error(
      `Expected a chat completion from ${url}, got ${JSON.stringify(raw.slice(0, 120))}. Is it an OpenAI-compatible address?`,
    );
  }
  const [choice] = parsed.data.choices;
  return {
    text: choice?.message.content ?? "",
    finish: choice?.finish_reason === "length" ? "length" : "stop",
    promptTokens: parsed.data.usage?.prompt_tokens ?? null,
    newTokens: parsed.data.usage?.completion_tokens ?? null,
  } as Reply;
}

function unreachable(url: string): string {
  return `Expected a server at ${url}, got no answer. Is it running, and does it allow this page to ask (CORS)?`;
}

function refused(url: string, status: number, raw: string): string {
  const said = z.looseObject({ error: z.looseObject({ message: z.string() }) }).safeParse(jsonOf(raw));
  const reason = said.success ? said.data.error.message : raw.slice(0, 160);
  const remedy =
    status === 401 || status === 403
      ? "Check the key."
      : status === 404
        ? "Check the address and the model's name."
        : status === 413 || status === 400
          ? "Show fewer frames, or ask a model that takes pictures."
          : "Try again later.";
  return `Expected an answer from ${url}, got status ${status}: ${reason.replace(/[.\s]+$/, "")}. ${remedy}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function dataUrl(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return `data:image/jpeg;base64,${btoa(binary)}`;
}
