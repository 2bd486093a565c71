/**
 * What a server on a network meets: broken, oversized, slow and lying requests, media that are bombs, addresses that lead where
 * they should not. After each the server still answers a plain question.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { encodePng, rgbaImage } from "../media/image/index.ts";
import { oversizedPng } from "./hostile.fixture.ts";
import type { ServeLimits } from "./limits.ts";
import { type RunningServer, startServer } from "./server.ts";

const limits: Partial<ServeLimits> = {
  bodyBytes: 1 << 20,
  heldBytes: 8 << 20,
  jsonItems: 5000,
  pixels: 1 << 20,
  frames: 16,
  headMs: 1500,
  bodyMs: 1500,
  fetchMs: 1000,
  waiting: 64,
};
const folder = mkdtempSync(join(tmpdir(), "zoetrope-hostile-"));
const errors: unknown[] = [];
let server: RunningServer;
let lair: Server;
let lairPort = 0;
let visits = 0;

beforeAll(async () => {
  // What the server must never be talked into reading.
  lair = createServer((_, response) => {
    visits++;
    response.end("secret");
  });
  await new Promise<void>((resolve) => lair.listen(0, "127.0.0.1", resolve));
  lairPort = (lair.address() as AddressInfo).port;
  writeFileSync(join(folder, "secret.txt"), "secret");
  const lookup = async (name: string) =>
    name === "inside.example" ? ["127.0.0.1"] : ["93.184.215.14", "169.254.169.254"];
  server = await startServer({ models: ["micro"], limits, media: { lookup }, onError: (error) => errors.push(error) });
});
afterAll(async () => {
  lair.close();
  const before = temporaryFolders();
  await server.close();
  expect(temporaryFolders().length).toBe(before.length - 1);
  rmSync(folder, { recursive: true });
});
afterEach(async () => {
  expect(errors.splice(0)).toEqual([]);
  expect(visits).toBe(0);
  const { status, json } = await post(say("What color is a red circle?"));
  expect([status, typeof json.choices?.[0]?.message.content]).toEqual([200, "string"]);
});

const temporaryFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith("zoetrope-serve-"));
const say = (content: unknown, more: object = {}) => ({
  model: "micro",
  messages: [{ role: "user", content }],
  max_tokens: 4,
  ...more,
});
type Answer = { choices?: { message: { content: string | null } }[]; error?: Record<string, unknown> };

async function post(body: unknown, headers: Record<string, string> = {}): Promise<{ status: number; json: Answer }> {
  const response = await fetch(`${server.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
  });
  return { status: response.status, json: (await response.json()) as Answer };
}

/** A connection that says what it is told to; gives all that comes back until the other side ends it. */
function raw(talk: (socket: Socket) => void): Promise<string> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve) => {
    let heard = "";
    const socket = connect(Number(port), hostname, () => talk(socket));
    socket.on("data", (data) => {
      heard += String(data);
    });
    // A reset while we still send is an answer too.
    socket.on("error", () => {}).on("close", () => resolve(heard));
  });
}
const head = (more: string) =>
  `POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n${more}\r\n`;
const picture = (url: string) => say([{ type: "image_url", image_url: { url } }]);
const png = (bytes: Uint8Array) => `data:image/png;base64,${Buffer.from(bytes).toString("base64")}`;
const video = (bytes: Uint8Array) =>
  say([{ type: "video_url", video_url: { url: `data:video/mp4;base64,${Buffer.from(bytes).toString("base64")}` } }]);

test.each<[string, string | Uint8Array, string]>([
  ["nothing", "", "invalid_json"],
  ["half an object", '{"model":"micro","messages":[', "invalid_json"],
  ["no JSON", "hello", "invalid_json"],
  ["two values", "{}{}", "invalid_json"],
  ["a number", "1e999", "invalid_value"],
  ["nesting without end", "[".repeat(4000), "invalid_json"],
  ["nesting to its end", "[".repeat(4000) + "]".repeat(4000), "invalid_value"],
  ["bytes that are no UTF-8", Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), "bad_utf8"],
  ["half a character", Buffer.from('{"model":"ü', "utf8").subarray(0, 11), "bad_utf8"],
  ["UTF-16", Buffer.from('{"model":"micro"}', "utf16le"), "invalid_json"],
  ["a million lists", `[${"[],".repeat(300_000)}[]]`, "too_many_items"],
  ["a million keys", `{${'"a":1,'.repeat(150_000)}"b":1}`, "too_many_items"],
  ["a prototype", '{"__proto__":{"model":"micro"},"constructor":{"prototype":{}}}', "invalid_value"],
])("a body of %s is refused", async (_, body, code) => {
  const { status, json } = await post(body);
  expect([status, json.error?.code]).toEqual([400, code]);
  expect(({} as Record<string, unknown>).model).toBeUndefined();
});

test("a text without end is refused before it is cut into tokens", async () => {
  const { status, json } = await post(say("a".repeat(900_000)));
  expect([status, json.error?.code]).toEqual([400, "context_length_exceeded"]);
  expect(json.error?.message).toContain("900000 characters");
});

test("a surrogate that stands alone does no harm", async () => {
  expect(
    (await post('{"model":"micro","messages":[{"role":"user","content":"\\ud800 red \\u0000"}],"max_tokens":2}'))
      .status,
  ).toBe(200);
});

test("a body of another type is refused, as pages of other origins would send it", async () => {
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""]) {
    const { status, json } = await post(say("x"), { "content-type": type });
    expect([status, json.error?.code]).toEqual([415, "unsupported_media_type"]);
  }
  expect((await post(say("x"), { "content-encoding": "gzip" })).status).toBe(415);
  expect((await post(say("x"), { "content-type": "application/json; charset=utf-8" })).status).toBe(200);
});

test("a page that points its own name at this machine is refused", async () => {
  const answer = await raw((socket) => {
    socket.end(`GET /v1/models HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  expect(answer).toContain("wrong_host");
});

test("a body over the limit is refused by its head alone", async () => {
  const answer = await raw((socket) => socket.write(head(`Content-Length: ${(1 << 20) + 1}\r\n`)));
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
});

test("a body over the limit that comes bit by bit is refused when it is too much", async () => {
  let sent = 0;
  const answer = await raw((socket) => {
    socket.write(head("Transfer-Encoding: chunked\r\n"));
    const chunk = `10000\r\n${" ".repeat(0x10000)}\r\n`;
    const send = () => {
      while (!socket.destroyed && sent < 2 ** 30) {
        sent += 0x10000;
        if (!socket.write(chunk)) return void socket.once("drain", send);
      }
    };
    send();
  });
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  // Not all of what would be sent was taken.
  expect(sent).toBeLessThan(2 ** 30);
});

test("whoever dawdles is shown out: in the head, in the body, after a promise", async () => {
  const drip = (text: string) => (socket: Socket) => {
    let at = 0;
    const timer = setInterval(() => socket.write(text[at++] ?? " "), 100);
    socket.on("close", () => clearInterval(timer));
  };
  const answers = await Promise.all([
    raw(drip("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Padding: a lot of it, very slowly")),
    raw((socket) => {
      socket.write(head("Content-Length: 1000\r\n"));
      drip(JSON.stringify(say("x")))(socket);
    }),
    raw((socket) => socket.write(head("Content-Length: 1000\r\n"))),
    raw(() => {}),
  ]);
  for (const answer of answers) expect(answer === "" || /^HTTP\/1\.1 408 /.test(answer), answer).toBe(true);
});

test.each([
  ["no HTTP", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
  ["two lengths", head("Content-Length: 4\r\nContent-Length: 5\r\n")],
  ["a length and chunks", head("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n")],
  ["a length below nothing", head("Content-Length: -1\r\n")],
  ["a head of a megabyte", head(`X-Padding: ${"x".repeat(1 << 20)}\r\n`)],
])("%s is answered with 4xx", async (_, bytes) => {
  expect(await raw((socket) => void socket.write(bytes))).toMatch(/^HTTP\/1\.1 4\d\d /);
});

test("whoever hangs up in the middle of a body leaves nothing behind", async () => {
  await Promise.all(
    Array.from({ length: 20 }, () =>
      raw((socket) => {
        socket.write(`${head("Content-Length: 100000\r\n")}{"model":`, () => socket.destroy());
      }),
    ),
  );
  const { stats } = (await (await fetch(`${server.url}/healthz`)).json()) as { stats: { heldBytes: number } };
  expect(stats.heldBytes).toBe(0);
});

test("requests that together are too large are told to come back", async () => {
  const body = JSON.stringify(say("x")).padEnd(1 << 20);
  // Held back in their last byte, so that all of them are there at once.
  const sockets: Socket[] = [];
  const answers = Array.from({ length: 12 }, () =>
    raw((socket) => {
      sockets.push(socket);
      socket.write(`${head(`Content-Length: ${body.length}\r\nConnection: close\r\n`)}${body.slice(0, -1)}`);
    }),
  );
  await Promise.race(answers);
  for (const socket of sockets) if (!socket.destroyed) socket.write(body.slice(-1));
  const statuses = (await Promise.all(answers)).map((answer) => answer.slice(9, 12));
  expect(statuses).toContain("429");
});

test.each<[string, () => unknown | Promise<unknown>, string]>([
  [
    "base64 that is cut short",
    async () => picture(png(await encodePng(rgbaImage(9, 9))).slice(0, -3)),
    "invalid_base64",
  ],
  ["base64 that is none", () => picture("data:image/png;base64,ÄÖÜ!"), "invalid_base64"],
  ["a picture of nothing", () => picture("data:image/png;base64,"), "invalid_base64"],
  [
    "a picture that is cut short",
    async () => picture(png((await encodePng(noise(90))).slice(0, 900))),
    "undecodable_media",
  ],
  ["a bomb of 3,600 million pixels", () => picture(png(oversizedPng(60_000))), "undecodable_media"],
  ["a picture over the limit", async () => picture(png(await encodePng(rgbaImage(1025, 1024)))), "undecodable_media"],
  [
    "a drawing that is a program",
    () => picture(png(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'))),
    "undecodable_media",
  ],
  ["a video of noise", () => video(createHash("sha512").update("noise").digest()), "undecodable_media"],
  ["a playlist", () => video(Buffer.from("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1/x.ts\n")), "undecodable_media"],
  [
    "seventeen pictures where sixteen may be",
    () => say(new Array(17).fill({ type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } })),
    "too_many_frames",
  ],
  [
    "frames in one part without end",
    () => say([{ type: "video_url", video_url: { url: `data:video/jpeg;base64,${",".repeat(900_000)}` } }]),
    "too_many_frames",
  ],
  [
    "a wish for a million frames",
    () => ({
      ...say([{ type: "video_url", video_url: { url: "data:video/mp4;base64,AAAA" } }]),
      media_io_kwargs: { video: { num_frames: 1e6 } },
    }),
    "undecodable_media",
  ],
  ["a million parts", () => say(new Array(30_000).fill({ type: "text", text: "a" })), "too_many_items"],
])("%s is refused", async (_, make, code) => {
  const { status, json } = await post(await make());
  expect([status, json.error?.code], JSON.stringify(json).slice(0, 300)).toEqual([400, code]);
});

test("addresses inside are refused, however they are written and wherever they are named", async () => {
  const inside = [
    `http://127.0.0.1:${lairPort}/`,
    `http://localhost:${lairPort}/`,
    `http://[::1]:${lairPort}/`,
    `http://2130706433:${lairPort}/`,
  ];
  const names = [
    `http://inside.example:${lairPort}/`,
    "http://mixed.example/",
    "http://169.254.169.254/latest/meta-data/",
  ];
  for (const url of [...inside, ...names]) {
    for (const part of [
      { type: "image_url", image_url: { url } },
      { type: "video_url", video_url: { url } },
      { type: "video", video: url },
      { fileData: { fileUri: url } },
    ]) {
      const { status, json } = await post(say([part]));
      expect([status, json.error?.code], url).toEqual([400, "url_refused"]);
    }
  }
});

test("files are closed unless a folder is opened, whether they are there or not", async () => {
  const answers = await Promise.all(
    [`file://${folder}/secret.txt`, "file:///etc/passwd", "file:///dev/zero", "file:///nowhere"].map((url) =>
      post(picture(url)),
    ),
  );
  expect(new Set(answers.map(({ json }) => json.error?.message)).size).toBe(1);
  expect(answers.map(({ status, json }) => [status, json.error?.code])).toEqual(
    answers.map(() => [400, "file_refused"]),
  );
});

test("no media of any request are left on the disk", async () => {
  await post(video(Buffer.alloc(1000, 1)));
  const own = temporaryFolders().map((name) => join(tmpdir(), name));
  expect(own.filter((path) => existsSync(path)).flatMap((path) => readdirSync(path))).toEqual([]);
});

function noise(side: number) {
  const image = rgbaImage(side, side);
  for (let i = 0; i < image.data.length; i++) image.data[i] = (i * 2654435761) >>> 24;
  return image;
}
