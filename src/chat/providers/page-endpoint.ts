/** An endpoint as a page asks it: the shapes of frames, no file, no memory, no key but the one that was typed in. */
import type { ChatModel } from "../chat-model.ts";
import { endpointModel } from "./endpoint-model.ts";
import { fetchClient } from "./fetch-client.ts";
import { openMedia } from "./media.ts";
import type { ShapeName } from "./shape.ts";

/** Shapes that need no file on a disk. */
export const pageShapes = ["frames", "frames-metadata"] as const satisfies readonly ShapeName[];
export type PageShape = (typeof pageShapes)[number];

export type PageEndpoint = Readonly<{
  url: string;
  model: string;
  /** Empty where the server needs none. */
  key: string;
  shape: PageShape;
}>;

/** Throws RangeError where the address is none. What a shape cannot carry goes as frames behind their times. */
export function openPageEndpoint({ url, model, key, shape }: PageEndpoint): ChatModel {
  const baseUrl = url.trim().replace(/\/+$/, "");
  if (!URL.canParse(baseUrl))
    throw new RangeError(`Expected the address of an endpoint, like http://127.0.0.1:8000/v1, got "${url}".`);
  const client = fetchClient({ baseUrl, model, key: key === "" ? null : key });
  const media = openMedia();
  return endpointModel({
    name: model,
    baseUrl,
    model,
    client,
    media,
    shapes: [...new Set([shape, "frames" as const])],
  });
}
