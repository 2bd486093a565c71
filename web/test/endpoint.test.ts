/**
 * Questions to endpoints from the page. Oracles: the bodies that the command line's client sends for the same frames; a server that says what
 * the test tells it to, piece by piece.
 */
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { openModel } from "zoetrope/chat";
import { atRate, sampleFrames } from "zoetrope/media/sampling";
import { openVideo } from "zoetrope/media/video";
import { askGrounding, showFrames } from "zoetrope/tasks";
import { inBrowser, root } from "./studio.fixture.ts";

type Body = Readonly<{
  stream?: boolean;
  messages: readonly Readonly<{ content: readonly Readonly<Record<string, unknown>>[] }>[];
  media_io_kwargs?: unknown;
}>;
type Told = Readonly<{ body: Body; response: ServerResponse; isLeft: () => boolean }>;

const query = "the red circle grows";
const piece = (content: string, finish: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ delta: { content }, finish_reason: finish }] })}\n\n`;

inBrowser("endpoints", ({ open }) => {
  /** Ask the sample's question of a server, and get the request into hand; what is answered is the test's. */
  const ask = async (more = "") => {
    let tell: (told: Told) => void = () => {};
    const told = new Promise<Told>((resolve) => {
      tell = resolve;
    });
    const server = await endpoint((body, response) => {
      let isLeft = false;
      response.on("close", () => {
        isLeft = true;
      });
      tell({ body, response, isLeft: () => isLeft });
    });
    const { port } = server.address() as AddressInfo;
    const url = encodeURIComponent(`http://127.0.0.1:${port}/v1`);
    const settings = `q=${query.replaceAll(" ", "+")}&model=endpoint&name=test-model&url=${url}${more}`;
    const { page } = await open(`#/watch?sample=red-circle&${settings}`);
    await page.click("button:has-text('Find the moment'):enabled");
    return { page, server, ...(await told), address: `http://127.0.0.1:${port}/v1#test-model` };
  };
  const begin = (response: ServerResponse) =>
    response.writeHead(200, { ...allowed, "content-type": "text/event-stream" });
  const growing = (page: Page) => page.locator(".answering");

  test("the reply grows while it is written, and becomes the moment", async () => {
    const { page, server, response } = await ask();
    begin(response).write(piece("From Frame 4"));
    await expect.poll(() => growing(page).innerText()).toContain("From Frame 4");
    response.write(piece(" to Frame"));
    await expect.poll(() => growing(page).innerText()).toContain("From Frame 4 to Frame");
    response.end(`${piece(" 8.")}${piece("", "stop")}data: [DONE]\n\n`);
    await page.waitForSelector(".answer-spans button");
    expect(await page.locator(".answer-spans").innerText()).toContain("4.00 – 8.00 s");
    expect(await growing(page).count()).toBe(0);
    server.close();
  });

  test("Stop in the middle of an answer tells the server, and leaves no fault", async () => {
    const { page, server, response, isLeft } = await ask();
    begin(response).write(piece("From"));
    await growing(page).waitFor();
    await page.click("button:has-text('Stop')");
    await page.waitForSelector("button:has-text('Find the moment'):enabled");
    await expect.poll(isLeft).toBe(true);
    expect(await page.locator(".notice.bad").count()).toBe(0);
    expect(await growing(page).count()).toBe(0);
    server.close();
  });

  test("a server that goes away in the middle of a stream is told, with what it had said", async () => {
    for (const leave of [
      (response: ServerResponse) => response.destroy(),
      (response: ServerResponse) => response.end(),
    ]) {
      const { page, server, response } = await ask();
      begin(response).write(piece("From Frame 4"));
      await expect.poll(() => growing(page).innerText()).toContain("From Frame 4");
      leave(response);
      await page.waitForSelector(".watch-side .notice.bad");
      const notice = await page.locator(".watch-side .notice.bad").innerText();
      expect(notice).toMatch(/went away while it answered|broke off before the answer was complete/);
      expect(notice).toContain("Until then it had said: “From Frame 4”");
      expect(await page.locator("button:has-text('Find the moment')").isEnabled()).toBe(true);
      server.close();
      await page.close();
    }
  });

  test.each(["frames", "frames-metadata"] as const)("the shape %s is that of the command line", async (shape) => {
    const { page, server, response, body } = await ask(shape === "frames" ? "" : `&shape=${shape}`);
    begin(response).end(`${piece("From Frame 4 to Frame 8.", "stop")}data: [DONE]\n\n`);
    await page.waitForSelector(".answer-spans button");
    server.close();
    let own: Body | undefined;
    const twin = await endpoint((sent, answer) => {
      own = sent;
      answer.writeHead(200, { "content-type": "application/json" });
      answer.end(JSON.stringify({ choices: [{ message: { content: "x" }, finish_reason: "stop" }] }));
    });
    const { port } = twin.address() as AddressInfo;
    await using video = await openVideo(`${root}/web/dist/samples/red-circle.mp4`);
    const frames = await sampleFrames(video, atRate(1), 64);
    const shown = showFrames(frames, { duration: video.duration, file: { frameCount: video.frameCount } });
    const model = await openModel(`http://127.0.0.1:${port}/v1#test-model`, { shape });
    await model.generate(askGrounding(shown, query), { maxNewTokens: 128 });
    twin.close();
    const { stream, stream_options, ...asked } = plain(body);
    expect(stream).toBe(true);
    expect(asked).toEqual(plain(own as Body));
  });
});

/** A body with its pictures as their number: decoders of browsers and Node differ by a shade. */
function plain(body: Body): Record<string, unknown> {
  return JSON.parse(JSON.stringify(body), (_, value: unknown) =>
    typeof value === "string" && value.startsWith("data:")
      ? `${value.slice(0, value.indexOf(","))}, ${value.split(",").length - 1}`
      : value,
  );
}

const allowed = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };

function endpoint(answer: (body: Body, response: ServerResponse) => void): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.method === "OPTIONS") return response.writeHead(204, allowed).end();
    if (request.method === "GET") return response.writeHead(200, allowed).end('{"data":[{"id":"test-model"}]}');
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => answer(JSON.parse(Buffer.concat(parts).toString()) as Body, response));
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
