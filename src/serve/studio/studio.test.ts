/** Oracles: Node's own HTTP client against a server on a real port; paths that try to leave the folder. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Studio, startStudio } from "./start-studio.ts";

const root = mkdtempSync(join(tmpdir(), "studio-"));
const [pages, models, runs] = ["pages", "models", "runs"].map((name) => join(root, name)) as [string, string, string];
let studio: Studio;

beforeAll(async () => {
  for (const folder of [pages, join(models, "tiny"), join(runs, "t3/seed-0")]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(root, "secret.json"), '"secret"');
  writeFileSync(join(pages, "index.html"), "<!doctype html>page");
  writeFileSync(join(pages, ".env"), "secret");
  symlinkSync(join(root, "secret.json"), join(pages, "link.json"));
  symlinkSync(root, join(runs, "up"));
  writeFileSync(join(models, "tiny/config.json"), "{}");
  writeFileSync(join(models, "tiny/notes.txt"), "secret");
  writeFileSync(join(runs, "t3/seed-0/events.jsonl"), '{"type":"start"}\n{"type":"step"}\n');
  writeFileSync(join(runs, "run.jsonl"), "{}\n");
  studio = await startStudio({ pages, models, runs, version: "1.2.3", port: 0 });
});
afterAll(async () => {
  await studio.close();
  rmSync(root, { recursive: true });
});

type Got = { status: number; headers: NodeJS.Dict<string | string[]>; body: string };

/** fetch would tidy the path up before it is sent. */
function get(path: string, { method = "GET", headers = {} as Record<string, string> } = {}): Promise<Got> {
  const { hostname, port } = new URL(studio.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts).toString() }),
      );
    });
    sent.on("error", reject);
    sent.end();
  });
}

test("pages come with a policy that lets in no foreign script, and isolated from other origins", async () => {
  const page = await get("/");
  expect([page.status, page.body]).toEqual([200, "<!doctype html>page"]);
  const policy = String(page.headers["content-security-policy"]);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(/script-src 'self' 'wasm-unsafe-eval';/);
  expect(page.headers["cross-origin-embedder-policy"]).toBe("require-corp");
  expect(page.headers["x-content-type-options"]).toBe("nosniff");
});

test.each([
  "/../secret.json",
  "/%2e%2e/secret.json",
  "/..%2fsecret.json",
  "/..%5csecret.json",
  "/link.json",
  "/.env",
  "/%00",
  "/%",
  "/models/tiny/notes.txt",
  "/models/../secret.json",
  "/models/tiny/../../secret.json",
  "/api/files/../secret.json",
  "/api/files/%2e%2e/secret.json",
  "/api/files/up/secret.json",
])("%s is not there", async (path) => {
  const { status, body } = await get(path);
  expect(status).toBe(404);
  expect(body).not.toMatch(/^"?secret/);
});

test("logs are listed and read, whole and from a byte on", async () => {
  const listed = JSON.parse((await get("/api/files")).body) as { path: string; kind: string }[];
  expect(listed.map(({ path, kind }) => `${path} ${kind}`).sort()).toEqual([
    "run.jsonl log",
    "t3/seed-0/events.jsonl events",
  ]);
  const tail = await get("/api/files/t3/seed-0/events.jsonl", { headers: { range: "bytes=17-" } });
  expect([tail.status, tail.body]).toEqual([206, '{"type":"step"}\n']);
  const nothingNew = await get("/api/files/t3/seed-0/events.jsonl", { headers: { range: "bytes=33-" } });
  expect(nothingNew.status).toBe(416);
});

test("models are listed with the files that a loader asks for, and no others", async () => {
  expect(JSON.parse((await get("/models.json")).body)).toEqual([
    { name: "tiny", files: [{ name: "config.json", bytes: 2 }] },
  ]);
  expect((await get("/models/tiny/config.json")).body).toBe("{}");
});

test("nothing can be changed, and a foreign name for this machine is refused", async () => {
  for (const method of ["POST", "PUT", "DELETE"]) expect((await get("/api/files", { method })).status).toBe(405);
  expect((await get("/", { headers: { host: "evil.example" } })).status).toBe(403);
  expect((await get("/", { headers: { host: "localhost:1" } })).status).toBe(200);
});

test("a port that is taken is a sentence with a remedy", async () => {
  const port = Number(new URL(studio.url).port);
  await expect(startStudio({ pages, models, runs: null, version: "1", port })).rejects.toThrow(
    /it is taken\. Pass another one with --port\./,
  );
});
