/**
 * A model behind an endpoint: messages become a shape's body, a client sends it.
 *
 * One question at a time and no second attempt; what makes it quick and patient lies in middleware/.
 */
import { createHash } from "node:crypto";
import type { ChatModel, PromptPlanner, ReplyOptions } from "../chat-model.ts";
import type { Message } from "../message.ts";
import { oneByOne } from "../one-by-one.ts";
import type { EndpointClient } from "./client.ts";
import { mostAlternatives } from "./completion.ts";
import type { Media, Shape, ShapeName } from "./shape.ts";
import { shapes } from "./shapes.ts";

export type EndpointParts = Readonly<{
  /** The user's reference. */
  name: string;
  baseUrl: string;
  model: string;
  client: EndpointClient;
  media: Media;
  /** Best first: a conversation goes in the first that can carry it. None: the model reads text only. */
  shapes: readonly ShapeName[];
  planner?: PromptPlanner;
  /** What else the answers depend on: how pictures are encoded, say. */
  settings?: Readonly<Record<string, unknown>>;
}>;

/** Throws RequestError from every question that is not answered. */
export function endpointModel(parts: EndpointParts): ChatModel {
  const { name, client, media } = parts;
  const bodyOf = async (messages: readonly Message[]) => (await shapeFor(messages, parts)).body(messages, media);
  const generate = async (messages: readonly Message[], options: ReplyOptions = {}) => {
    options.signal?.throwIfAborted();
    return client.ask(await bodyOf(messages), options);
  };
  return {
    name,
    accepts: parts.shapes.length === 0 ? ["text"] : ["text", "image", "video"],
    fingerprint: fingerprintOf(parts),
    ...(parts.shapes.length > 0 && { shape: parts.shapes.join(", ") }),
    ...(parts.planner && { planner: parts.planner }),
    generate,
    async *stream(messages, options = {}) {
      options.signal?.throwIfAborted();
      return yield* client.stream(await bodyOf(messages), options);
    },
    generateMany: oneByOne(generate),
    async scoreOptions(messages, options, control = {}) {
      const asked = { maxNewTokens: 1, logProbabilities: mostAlternatives, ...control };
      const { logProbabilities } = await generate(messages, asked);
      const [first] = logProbabilities ?? [];
      return first ? scoresOf(options, [first, ...first.alternatives]) : null;
    },
    vocabulary: null,
    unknownWords: () => [],
    dispose: async () => {},
  };
}

type Likely = Readonly<{ token: string; logProbability: number }>;

/**
 * Options that are one token among the likeliest first ones have an exact score, with and without a space before it taken
 * together; null where one has none.
 */
function scoresOf(options: readonly string[], likely: readonly Likely[]): number[] | null {
  const byToken = new Map(likely.map(({ token, logProbability }) => [token, logProbability]));
  const scores = options.map((option) => {
    const found = [...byToken].filter(([token]) => token.trim() === option.trim()).map(([, score]) => score);
    return found.length === 0 ? null : Math.log(found.reduce((sum, score) => sum + Math.exp(score), 0));
  });
  return scores.every((score) => score !== null) ? scores : null;
}

async function shapeFor(messages: readonly Message[], { shapes: names, name }: EndpointParts): Promise<Shape> {
  const hasPictures = messages.some(({ content }) => content.some(({ type }) => type !== "text"));
  if (names.length === 0 && hasPictures)
    throw new RangeError(`Expected questions in text for ${name}, which takes no pictures. Pass another --model.`);
  const candidates = names.length === 0 ? [shapes.frames] : names.map((each) => shapes[each]);
  const fitting = candidates.find((shape) => shape.objection(messages) === null);
  if (fitting) return fitting;
  const [first] = candidates as [Shape, ...Shape[]];
  throw new RangeError(`The shape ${first.name} ${first.objection(messages)}. Pass --shape frames.`);
}

function fingerprintOf({ baseUrl, model, shapes: names, settings = {} }: EndpointParts): string {
  const hash = createHash("sha256").update(JSON.stringify([baseUrl, model, names, settings]));
  return `endpoint:${hash.digest("hex").slice(0, 16)}`;
}
