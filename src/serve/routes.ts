/**
 * The HTTP face of the server: which paths there are, who may use them, and how errors look.
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { cors } from "hono/cors";
import type { Access } from "./access.ts";
import { clientGone } from "./admissions.ts";
import { answerChat } from "./answer-chat.ts";
import { ApiError, asApiError } from "./api-error.ts";
import type { ServedModel } from "./served-model.ts";
import { modelNamed, type ServerContext, type ServerParts } from "./server-parts.ts";

/** What logs say of a client that hung up; nobody reads it. */
const clientClosedRequest = 499;

export function routes(parts: ServerParts): Hono<{ Bindings: HttpBindings }> {
  const { access, models, stats } = parts;
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.get("/healthz", (context) => {
    const isKnown = isAllowed(access, context);
    return context.json({ status: "ok", models: [...models.keys()], ...(isKnown && { stats: statsOf(parts) }) });
  });
  // Before the key is asked for: browsers ask whether they may without it.
  if (parts.allowOrigin.length > 0) {
    app.use(
      "*",
      cors({ origin: [...parts.allowOrigin], allowHeaders: ["authorization", "content-type"], maxAge: 600 }),
    );
  }
  app.use("/v1/*", async (context, next) => {
    access(context.env.incoming.headers);
    await next();
  });
  app.get("/v1/models", (context) =>
    context.json({ object: "list", data: [...models.values()].map((model) => describe(model, parts)) }),
  );
  // Names of models may hold slashes.
  app.get("/v1/models/:id{.+}", (context) => context.json(describe(modelNamed(context.req.param("id"), parts), parts)));
  app.post("/v1/chat/completions", async (context) => {
    stats.requests++;
    try {
      return await answerChat(context, parts);
    } catch (error) {
      const response = errorResponse(error, parts);
      stats.refused(response.status);
      return response;
    }
  });
  app.all("/v1/chat/completions", ({ req }) => {
    throw new ApiError(405, `Expected POST, got ${req.method}.`, {
      code: "method_not_allowed",
      headers: { allow: "POST" },
    });
  });
  app.notFound(({ req }) =>
    errorResponse(
      new ApiError(
        404,
        `There is no ${req.method} ${req.path.slice(0, 200)}. There are POST /v1/chat/completions, GET /v1/models and GET /healthz.`,
        { code: "unknown_url" },
      ),
      parts,
    ),
  );
  app.onError((error) => errorResponse(error, parts));
  return app;
}

/** An error as clients of OpenAI expect it; what is the server's own fault is told to its owner. */
function errorResponse(error: unknown, { onError }: Pick<ServerParts, "onError">): Response {
  if (error === clientGone) return new Response(null, { status: clientClosedRequest });
  const told = asApiError(error);
  if (told.status === 500) onError(error);
  return Response.json(told, { status: told.status, headers: told.headers });
}

function describe({ id, facts }: ServedModel, { created }: ServerParts) {
  const { context, fingerprint, accepts } = facts;
  return {
    id,
    object: "model",
    created,
    owned_by: "zoetrope",
    ...(context !== null && { max_model_len: context }),
    fingerprint,
    accepts,
  };
}

/** Of this process and its threads; the decoding process is another. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function isAllowed(access: Access, { env }: ServerContext): boolean {
  try {
    access(env.incoming.headers);
    return true;
  } catch {
    return false;
  }
}

function statsOf({ stats, models, admissions, media }: ServerParts) {
  const { decoded, kept } = media.bytes;
  return {
    ...stats.toJSON(),
    underWay: admissions.size,
    heldBytes: admissions.heldBytes,
    decodedBytes: decoded,
    media: { parts: media.parts, kept: media.hits, keptBytes: kept, decoderStarts: media.decoder.starts },
    models: Object.fromEntries(
      [...models].map(([id, { waiting, batches, answered }]) => [id, { waiting, batches, answered }]),
    ),
    rssBytes: process.memoryUsage.rss(),
    cpuSeconds: cpuSeconds(),
  };
}
