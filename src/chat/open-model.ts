/**
 * Model references, as every command's --model takes them, and what is laid around a model.
 */
import type { ChatModel } from "./chat-model.ts";
import { type Budget, withBudget } from "./middleware/budget.ts";
import { withCache } from "./middleware/cache.ts";
import { withConcurrency } from "./middleware/concurrency.ts";
import { defaultMost } from "./middleware/pool.ts";
import { withRetries } from "./middleware/retry.ts";
import { type OpenLocalOptions, openLocalModel } from "./open-local-model.ts";
import { isEndpointReference } from "./providers/endpoint-reference.ts";
import { type EndpointOptions, openEndpoint } from "./providers/open-endpoint.ts";
import { openReplayModel } from "./providers/replay-model.ts";
import { openScriptedModel } from "./scripted-model.ts";

export type OpenModelOptions = OpenLocalOptions &
  EndpointOptions &
  Readonly<{
    /** Requests to an endpoint at a time, at most. Default 8. */
    concurrency?: number;
    budget?: Budget;
    /** Folder where replies are kept and looked for first. Default: none. */
    cache?: string;
    /** Told of each reply that came out of that folder. */
    onCacheHit?: () => void;
  }>;

/**
 * Open `micro`, a checkpoint folder, `http://host:port/v1#model`, `openai:NAME`, `gemini:NAME`, `replay:RUN` or `scripted:FILE`.
 * Endpoints are asked several questions at a time and again where they fail. Throws an Error that says what is wrong with the
 * reference.
 */
export async function openModel(reference: string, options: OpenModelOptions = {}): Promise<ChatModel> {
  const { budget, cache, onCacheHit } = options;
  const bare = await openBare(reference, options);
  const limited = budget ? withBudget(bare, budget) : bare;
  const patient = isEndpointReference(reference) ? patientModel(limited, options) : limited;
  return cache === undefined
    ? patient
    : withCache(patient, { folder: cache, ...(onCacheHit && { onHit: onCacheHit }) });
}

async function openBare(reference: string, options: OpenModelOptions): Promise<ChatModel> {
  if (reference.startsWith("scripted:")) return openScriptedModel(reference.slice("scripted:".length));
  if (reference.startsWith("replay:")) return openReplayModel(reference.slice("replay:".length));
  if (isEndpointReference(reference)) return openEndpoint(reference, options);
  return openLocalModel(reference, options);
}

/** A server's "too many" must reach the queue before a retry swallows it, so the queue lies inside. */
function patientModel(model: ChatModel, { concurrency = defaultMost, retry = {} }: OpenModelOptions): ChatModel {
  const { wait } = retry;
  const queued = withConcurrency(model, { most: concurrency, ...(wait && { wait }) });
  return withRetries(queued, { ...retry, most: concurrency });
}
