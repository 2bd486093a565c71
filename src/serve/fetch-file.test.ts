/** Fetching from a server of our own on 127.0.0.1, reached by names that a resolver of the test's own makes up. */
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { ApiError } from "./api-error.ts";
import { type FetchOptions, fetchFile } from "./fetch-file.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-fetch-"));
/** A new one each test: a file whose fetch was broken off may be made after the test is over. */
let path = "";
let files = 0;
const never = new AbortController().signal;
const content = Buffer.from("not really a film".repeat(1000));
let seen: string[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => void response.end(content);
const server = createServer((request, response) => {
  seen.push(`${request.headers.host}${request.url}`);
  answer(request, response);
});
let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
beforeEach(() => {
  path = join(folder, `file-${files++}`);
});
afterEach(() => {
  seen = [];
  answer = (_, response) => void response.end(content);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

const options = (more: Partial<FetchOptions> = {}): FetchOptions => ({
  path,
  maxBytes: 1 << 20,
  signal: never,
  param: "here",
  allowPrivateNetwork: true,
  ...more,
});
const redirectTo = (location: string) => (_: IncomingMessage, response: ServerResponse) =>
  void response.writeHead(302, { location }).end();

async function refusal(url: string, more: Partial<FetchOptions> = {}): Promise<string> {
  const error = await fetchFile(url, options(more)).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 400, code: "url_refused", param: "here" });
  return (error as ApiError).message;
}

test("a file is written, its hash given, and every part told", async () => {
  const told: number[] = [];
  const hash = await fetchFile(`http://127.0.0.1:${port}/a`, options({ onBytes: (bytes) => void told.push(bytes) }));
  expect(hash).toBe(createHash("sha256").update(content).digest("hex"));
  expect(readFileSync(path)).toEqual(content);
  expect(told.reduce((sum, bytes) => sum + bytes, 0)).toBe(content.length);
});

test("private addresses are refused without a connection, in every spelling", async () => {
  const hosts = ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"];
  for (const host of hosts)
    expect(await refusal(`http://${host}:${port}/`, { allowPrivateNetwork: false })).toMatch(
      /network that is not public/,
    );
  expect(await refusal("http://169.254.169.254/latest/meta-data")).toMatch(/network that is not public/);
  expect(seen).toEqual([]);
});

test("a name is judged by all of its addresses", async () => {
  const lookup = async () => ["93.184.215.14", "10.0.0.1"];
  const message = await refusal("http://mixed.example/", { lookup, allowPrivateNetwork: false });
  expect(message).toMatch(/not public.*--allow-private-network/);
});

test("a name is resolved once and the connection goes to the address that was checked", async () => {
  let asked = 0;
  // A second look-up would lead elsewhere: to nothing that listens.
  const lookup = async () => (asked++ === 0 ? ["127.0.0.1"] : ["127.0.0.2"]);
  await fetchFile(`http://rebinding.example:${port}/b`, options({ lookup }));
  expect(asked).toBe(1);
  expect(seen).toEqual([`rebinding.example:${port}/b`]);
});

test("a redirect is checked as the first URL is", async () => {
  const lookup = async (name: string) => (name === "metadata.example" ? ["169.254.169.254"] : ["127.0.0.1"]);
  for (const location of ["http://metadata.example/", "http://169.254.169.254/", "http://[fe80::1]/"]) {
    answer = redirectTo(location);
    expect(await refusal(`http://a.example:${port}/`, { lookup })).toMatch(/network that is not public/);
  }
  answer = redirectTo("file:///etc/passwd");
  expect(await refusal(`http://127.0.0.1:${port}/`)).toMatch(/scheme is "file:"/);
  answer = redirectTo("ftp://127.0.0.1/");
  expect(await refusal(`http://127.0.0.1:${port}/`)).toMatch(/scheme is "ftp:"/);
});

test("redirects are followed three times, then no more", async () => {
  answer = (request, response) => {
    const left = Number(request.url?.slice(1));
    if (left > 0) redirectTo(`/${left - 1}`)(request, response);
    else response.end(content);
  };
  await fetchFile(`http://127.0.0.1:${port}/3`, options());
  expect(readFileSync(path)).toEqual(content);
  rmSync(path);
  expect(await refusal(`http://127.0.0.1:${port}/4`)).toMatch(/redirects more than 3 times/);
});

test("a file that is too large is refused, whether its head says so or not", async () => {
  expect(await refusal(`http://127.0.0.1:${port}/`, { maxBytes: 1000 })).toMatch(/larger than/);
  answer = (_, response) => {
    response.write(content);
    response.end(content);
  };
  expect(await refusal(`http://127.0.0.1:${port}/`, { maxBytes: content.length + 1 })).toMatch(/larger than/);
});

test.each<[string, (response: ServerResponse) => void, RegExp]>([
  ["an error", (response) => void response.writeHead(404).end(), /answered 404/],
  ["compression", (response) => void response.writeHead(200, { "content-encoding": "gzip" }).end("x"), /compresses/],
  ["nothing", (response) => void response.end(), /is empty/],
  [
    "half of it",
    (response) => void response.writeHead(200, { "content-length": 99 }).write("x", () => response.destroy()),
    /broke off/,
  ],
])("%s instead of the file is refused", async (_, reply, message) => {
  answer = (_request, response) => reply(response);
  expect(await refusal(`http://127.0.0.1:${port}/`)).toMatch(message);
});

test.each(["", "clip.mp4", "data:video/mp4;base64,AA==", "javascript:1", "http://", "http://user:secret@127.0.0.1/"])(
  "%j is refused",
  async (url) => {
    const message = await refusal(url);
    expect(message).not.toContain("secret");
  },
);

test("an abort ends it with its reason, also where the other side says nothing", async () => {
  const stop = new AbortController();
  answer = () => stop.abort(new Error("enough"));
  await expect(fetchFile(`http://127.0.0.1:${port}/`, options({ signal: stop.signal }))).rejects.toThrow("enough");
  const late = new AbortController();
  answer = (_, response) =>
    void response.writeHead(200).write("x", () => setImmediate(() => late.abort(new Error("late"))));
  await expect(fetchFile(`http://127.0.0.1:${port}/`, options({ signal: late.signal }))).rejects.toThrow("late");
});

test("what the budget refuses is not written on", async () => {
  const onBytes = () => {
    throw new ApiError(429, "full");
  };
  await expect(fetchFile(`http://127.0.0.1:${port}/`, options({ onBytes }))).rejects.toMatchObject({ status: 429 });
  const written = existsSync(path) ? readFileSync(path).length : 0;
  expect(written).toBe(0);
});
