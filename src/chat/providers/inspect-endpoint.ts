/**
 * An endpoint opened to be looked at: the same server and model in every shape that it may take, and a place to keep what is
 * found out.
 */
import { Rng } from "../../core/math/index.ts";
import type { ChatModel } from "../chat-model.ts";
import { withRetries } from "../middleware/retry.ts";
import { type EndpointKnowledge, endpointMemory } from "./endpoint-memory.ts";
import { endpointModel } from "./endpoint-model.ts";
import { type MediaOptions, openMedia } from "./media.ts";
import { connect, type EndpointOptions } from "./open-endpoint.ts";
import { type ShapeName, shapeNames } from "./shape.ts";
import { shapes } from "./shapes.ts";

export type EndpointInspection = Readonly<{
  baseUrl: string;
  model: string;
  /** As the server names itself, and tokens of its context; null where it does not tell. */
  owner: string | null;
  context: number | null;
  /** Those of the server's API. */
  shapes: readonly ShapeName[];
  /** The model in one shape, with patience. */
  open(shape: ShapeName, media?: MediaOptions): ChatModel;
  /** Does a request in this shape say at which rate the server is to choose frames? */
  asksRate(shape: ShapeName): boolean;
  remember(knowledge: EndpointKnowledge): void;
}>;

/** Throws as openEndpoint does. */
export async function inspectEndpoint(reference: string, options: EndpointOptions = {}): Promise<EndpointInspection> {
  const { read, client, model, served, isGemini } = await connect(reference, options);
  const { baseUrl } = read;
  const protocol = isGemini ? "gemini" : "chat-completions";
  const memory = endpointMemory({ baseUrl, model }, options.memory);
  const retry = { attempts: 2, rng: new Rng(`inspect/${process.pid}`), ...options.retry };
  return {
    baseUrl,
    model,
    owner: served?.owner ?? null,
    context: served?.context ?? null,
    shapes: shapeNames.filter((name) => shapes[name].protocol === protocol),
    open(shape, media = {}) {
      const parts = { name: reference, baseUrl, model, client, shapes: [shape], settings: media };
      return withRetries(endpointModel({ ...parts, media: openMedia(media) }), retry);
    },
    asksRate: (shape) => shapes[shape].asksRate,
    remember: (knowledge) => memory.remember(knowledge),
  };
}
