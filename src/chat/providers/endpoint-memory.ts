/**
 * What was found out about endpoints, so that it is found out once: the shapes that a server takes, and what a frame costs.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeAtomically } from "../../core/files/index.ts";
import { userCacheFolder } from "../user-cache.ts";
import { shapeNames } from "./shape.ts";

const knowledge = z.object({
  /** Best first; empty where the model takes no pictures. */
  shapes: z.array(z.enum(shapeNames)),
  /** "detection": the server accepts them. "doctor": they also tell the time right. */
  by: z.enum(["detection", "doctor"]),
  /** Tokens of one frame of this size in pixels as the server counts them; fixed: of any size. */
  frame: z.object({ tokens: z.number(), width: z.int(), height: z.int(), isFixed: z.boolean() }).optional(),
});
const file = z.object({ version: z.literal(1), endpoints: z.record(z.string(), knowledge) });

export type EndpointKnowledge = Readonly<z.infer<typeof knowledge>>;

/** Of one model of one server, in `folder` (default: the user's cache folder). */
export type EndpointMemory = Readonly<{
  recall(): EndpointKnowledge | null;
  remember(knowledge: EndpointKnowledge): void;
}>;

export function endpointMemory(
  { baseUrl, model }: Readonly<{ baseUrl: string; model: string }>,
  folder = userCacheFolder(),
): EndpointMemory {
  const path = join(folder, "endpoints.json");
  const name = `${baseUrl}#${model}`;
  return {
    recall: () => read(path)[name] ?? null,
    remember(found) {
      const content = { version: 1, endpoints: { ...read(path), [name]: found } };
      writeAtomically(path, [`${JSON.stringify(content, null, 2)}\n`]);
    },
  };
}

/** A file that cannot be read holds nothing: everything in it can be found out again. */
function read(path: string): Record<string, EndpointKnowledge> {
  if (!existsSync(path)) return {};
  try {
    return file.parse(JSON.parse(readFileSync(path, "utf8"))).endpoints;
  } catch {
    return {};
  }
}
