/**
 * What the requests of one server share.
 */
import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import type { Access } from "./access.ts";
import type { Admissions } from "./admissions.ts";
import { ApiError } from "./api-error.ts";
import type { FrameWish } from "./frame-wish.ts";
import type { ServeLimits } from "./limits.ts";
import type { MediaReader } from "./media-reader.ts";
import type { ServedModel } from "./served-model.ts";
import type { ServerStats } from "./server-stats.ts";

export type ServerParts = Readonly<{
  models: ReadonlyMap<string, ServedModel>;
  media: MediaReader;
  admissions: Admissions;
  limits: ServeLimits;
  stats: ServerStats;
  access: Access;
  /** Frames of a video of which the request does not say which it wants. */
  byDefault: FrameWish;
  /** Origins whose pages may ask from a browser. */
  allowOrigin: readonly string[];
  /** Seconds since 1970 when the server began. */
  created: number;
  /** Told what went wrong inside. */
  onError: (error: unknown) => void;
}>;

export type ServerContext = Context<{ Bindings: HttpBindings }>;

/** Throws ApiError where there is no such model. */
export function modelNamed(id: string, { models }: Pick<ServerParts, "models">): ServedModel {
  const model = models.get(id);
  if (model) return model;
  throw new ApiError(404, `There is no model "${id.slice(0, 200)}". There is ${[...models.keys()].join(", ")}.`, {
    param: "model",
    code: "model_not_found",
  });
}
