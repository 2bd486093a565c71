/**
 * The studio's pages, the models beside them, and, read-only, the logs of one folder. Nothing is written, nothing is run, and
 * no address outside this machine is asked.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { type Context, Hono } from "hono";
import { listRunFiles } from "./run-files.ts";
import { fileResponse } from "./studio-folder.ts";

export type StudioOptions = Readonly<{
  /** The built pages: web/dist. */
  pages: string;
  /** Checkpoint folders; all of them are offered. */
  models: string;
  /** Logs, searched with sub-folders; null serves none. */
  runs: string | null;
  version: string;
  /** Names under which the server may be asked; any other Host is refused (a page elsewhere may point its name at 127.0.0.1). */
  hosts: readonly string[];
}>;

/** Endpoints that the user types may lie anywhere; scripts, styles and workers come from here alone. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self' http: https:",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const headers: Readonly<Record<string, string>> = {
  "content-security-policy": contentSecurityPolicy,
  // Isolated from other origins, the model may use threads.
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

export function studioApp({ pages, models, runs, version, hosts }: StudioOptions): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    const host = hostName(context.req.header("host") ?? "");
    if (!hosts.includes(host))
      return context.text(`Expected the Host ${hosts.join(" or ")}, got "${host.slice(0, 100)}".`, 403);
    if (context.req.method !== "GET" && context.req.method !== "HEAD")
      return context.text("Expected GET or HEAD: nothing can be changed here.", 405);
    await next();
    for (const [name, value] of Object.entries(headers)) context.res.headers.set(name, value);
  });
  app.get("/api/studio", (context) => context.json({ version, runs }, 200, { "cache-control": "no-store" }));
  app.get("/api/files", async (context) => {
    return context.json(runs === null ? [] : await listRunFiles(runs), 200, { "cache-control": "no-store" });
  });
  app.get("/api/files/*", (context) => respond(context, runs, "/api/files/", runFile));
  app.get("/models.json", (context) => context.json(listModels(models)));
  app.get("/models/*", (context) => respond(context, models, "/models/", modelFile));
  app.get("*", (context) => respond(context, pages, "/"));
  app.onError((_, context) => context.text("Something went wrong. Ask again.", 500));
  return app;
}

const modelFile = /^[\w.-]+\/[\w.-]+\.(?:json|jinja|safetensors)$/;
const runFile = /\.jsonl?$/;

async function respond(context: Context, folder: string | null, prefix: string, allowed = /./): Promise<Response> {
  const path = new URL(context.req.url).pathname.slice(prefix.length) || "index.html";
  const found = folder === null || !allowed.test(path) ? null : await fileResponse(folder, path, context.req.raw);
  return found ?? context.text(`There is no ${JSON.stringify(path.slice(0, 200))} here.`, 404);
}

/** Checkpoint folders with the files that a loader asks for. */
function listModels(folder: string) {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, "config.json")));
  return names.sort().map((name) => {
    const files = readdirSync(join(folder, name)).filter((file) => modelFile.test(`${name}/${file}`) && extname(file));
    return { name, files: files.map((file) => ({ name: file, bytes: statSync(join(folder, name, file)).size })) };
  });
}

/** "127.0.0.1" of "127.0.0.1:8000", "::1" of "[::1]:8000". */
function hostName(host: string): string {
  return host
    .replace(/:\d*$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase();
}
