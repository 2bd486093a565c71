/**
 * From a dropped video to the moment on its timeline and out again. Oracles: the script of the sample film; the same model and
 * the same decoder rules in Node; the readers of `zoetrope score`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { groundingHabits, openLocalModel, userMessage } from "zoetrope/chat";
import { bestIou } from "zoetrope/core/metrics";
import { readMomentAnnotations } from "zoetrope/data/moments";
import { atRate, sampleFrames } from "zoetrope/media/sampling";
import { openVideo } from "zoetrope/media/video";
import { askGrounding, showFrames } from "zoetrope/tasks";
import { drop, inBrowser, root, saved } from "./studio.fixture.ts";

const sample = join(root, "web/dist/samples/red-circle.mp4");
const grows = { start: 3.5, end: 8.5 };

type Record = {
  spans: [number, number][];
  fingerprint: string;
  reply: string;
  prompt: string;
  frames: { pts: number; src_index: number; number?: string; words?: string }[];
};

inBrowser("watch", ({ open, folder }) => {
  test("a first-time user sees where the red circle grows within three clicks", async () => {
    const { page, faults } = await open();
    let clicks = 0;
    const click = async (selector: string) => {
      clicks++;
      await page.click(selector);
    };
    await click(".sample:has-text('A red circle grows')");
    await click("button:has-text('Find the moment')");
    await page.waitForSelector(".answer-spans button");
    const record = JSON.parse((await saved(page, () => page.click(".answer >> text=Save"))).text) as Record;
    const [[start, end] = [0, 0]] = record.spans;
    expect(bestIou({ start, end }, [grows])).toBeGreaterThan(0.9);
    await click(".answer-spans button");
    await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 3.3);
    expect(clicks).toBe(3);
    expect(await page.locator(".timeline-span[class]").count()).toBe(2);
    expect(await page.locator(".watch-status").innerText()).toMatch(/IoU with the truth: (?:0\.9\d|1\.00)/);
    expect(faults).toEqual([]);
  });

  test("the model in the browser is the one on the command line, and says the same of the same frames", async () => {
    const { page } = await open("#/watch?sample=red-circle&q=the+red+circle+grows&fps=1");
    await page.click("button:has-text('Find the moment')");
    await page.waitForSelector(".answer");
    const record = JSON.parse((await saved(page, () => page.click(".answer >> text=Save"))).text) as Record;
    const model = openLocalModel("micro");
    expect(record.fingerprint).toBe(model.fingerprint);
    await using video = await openVideo(sample);
    const said: string[] = [];
    for await (const frame of video.framesAtIndices(record.frames.map(({ src_index }) => src_index))) {
      said.push((await model.generate([userMessage(record.prompt, [frame])], { maxNewTokens: 8 })).text);
    }
    expect(record.frames.map(({ words }) => words)).toEqual(said);
    expect(record.frames.map(({ pts }) => pts)).toEqual(
      record.frames.map(({ src_index }) => video.timeline().timestamps[src_index]),
    );
    await model.dispose();
  });

  test("a model that was taught to say when is asked as it was taught, and says what it says on the command line", async () => {
    const { page } = await open("#/watch?sample=red-circle&q=the+red+circle+grows&model=zoetrope-micro-grounding");
    await page.click("button:has-text('Find the moment')");
    await page.waitForSelector(".answer");
    const record = JSON.parse((await saved(page, () => page.click(".answer >> text=Save"))).text) as Record;
    const habits = groundingHabits("micro-grounding");
    await using video = await openVideo(sample);
    const frames = await sampleFrames(video, atRate(habits?.fps ?? 0), 64);
    const shown = showFrames(frames, { duration: video.duration, numberScale: habits?.numberScale });
    const model = openLocalModel("micro-grounding");
    const reply = await model.generate(askGrounding(shown, "the red circle grows", "numpro-ft"));
    expect([record.reply, record.fingerprint]).toEqual([reply.text, model.fingerprint]);
    expect(record.frames.map(({ number }) => number)).toEqual(frames.map((_, i) => String(i)));
    await model.dispose();
  });

  test("no question goes out before the page knows its models", async () => {
    const { page } = await open("#/watch?sample=red-circle&q=the+red+circle+grows&model=zoetrope-micro-grounding");
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route("**/models.json", async (route) => {
      await held;
      await route.continue();
    });
    await page.reload();
    const button = page.locator("button:has-text('Find the moment')");
    await button.waitFor();
    expect(await button.isDisabled()).toBe(true);
    release();
    await expect.poll(() => button.isEnabled()).toBe(true);
  });

  test("frames have the pixels that Node's decoder gives, up to colour conversion", async () => {
    const { page } = await open("#/watch?sample=red-circle&q=the+red+circle&fps=1");
    await page.click("button:has-text('Find the moment')");
    await page.waitForSelector(".strip canvas");
    const every = 41;
    const shown = await page.$$eval(
      ".strip canvas",
      (all, step) =>
        all.map((canvas) => {
          const own = canvas as HTMLCanvasElement;
          const data = own.getContext("2d")?.getImageData(0, 0, own.width, own.height).data ?? [];
          return [...data].filter((_, i) => i % step === 0);
        }),
      every,
    );
    await using video = await openVideo(sample);
    const seconds = shown.map((_, i) => i);
    let place = 0;
    for await (const { image } of video.framesAt(seconds)) {
      const own = shown[place++] as number[];
      expect(own).toHaveLength(Math.ceil(image.data.length / every));
      const apart =
        own.reduce((sum, value, i) => sum + Math.abs(value - (image.data[i * every] as number)), 0) / own.length;
      expect(apart).toBeLessThan(3);
    }
  });

  test("edges are nudged by key, the correction goes to Annotate and out as QVHighlights", async () => {
    const { page, faults } = await open("#/watch?sample=red-circle&q=the+red+circle+grows");
    await page.click("button:has-text('Find the moment')");
    await page.waitForSelector(".timeline-span.selected");
    const status = page.locator(".watch-status");
    const before = await status.innerText();
    await page.locator(".watch-main h2").click();
    await page.keyboard.press("Shift+>");
    await expect.poll(() => status.innerText()).not.toBe(before);
    expect(await status.innerText()).toMatch(/^3\.38 – 8\.50 s/);
    await page.click(".answer >> text=Correct it");
    await page.waitForSelector(".annotate-bar");
    const input = page.locator(".moments input");
    expect(await input.inputValue()).toBe("the red circle grows");
    const { name, text } = await saved(page, () => page.click("text=Save moments"));
    expect(name).toBe("red-circle.qvhighlights.jsonl");
    const path = join(folder, name);
    writeFileSync(path, text);
    const { queries } = readMomentAnnotations(path);
    expect(queries[0]).toMatchObject({ query: "the red circle grows", truths: [{ start: 3.375, end: 8.5 }] });
    expect(faults).toEqual([]);
  });

  test("files that are no videos are told in one sentence, and the next video opens", async () => {
    const { page } = await open();
    const whole = readFileSync(sample);
    const bad = [
      ["notes.mp4", Buffer.from("just text"), /got a text file/],
      ["empty.mp4", Buffer.alloc(0), /the file is empty/],
      ["cut.mp4", whole.subarray(0, 2000), /damaged|cut short|no frames|lists no tracks/],
    ] as const;
    for (const [name, bytes, reason] of bad) {
      await drop(page, ".watch", [{ name, bytes }]);
      await page.waitForFunction(
        (shown) => document.querySelector(".notice.bad h3")?.textContent?.startsWith(shown),
        name,
      );
      expect(await page.locator(".notice.bad").innerText()).toMatch(reason);
    }
    await drop(page, ".watch", [{ name: "good.mp4", bytes: whole }]);
    await page.waitForSelector(".stage");
    expect(await page.locator(".notice.bad").count()).toBe(0);
  });

  test("a video that is damaged in the middle still answers, by the frames that decode", async () => {
    const bytes = Buffer.from(readFileSync(sample));
    // Pictures lie behind the last box header; a stretch of them becomes noise.
    const from = Math.floor(bytes.length * 0.55);
    for (let i = from; i < from + 3000; i++) bytes[i] = (i * 131) & 255;
    const { page } = await open();
    await drop(page, ".watch", [{ name: "damaged.mp4", bytes }]);
    await page.fill("textarea", "a blue square");
    await page.click("button:has-text('Find the moment')");
    await page.waitForSelector(".answer, .notice.bad");
    expect(await page.locator(".strip canvas").count()).toBe(48);
    expect(await page.locator(".answer-spans").innerText()).toMatch(/^▶\s*0\.00 – 3\.38 s/);
  });

  test("neither a file's name nor a query can bring in script", async () => {
    const { page, faults } = await open();
    const name = `<img src=x onerror="alert(1)">"><script>alert(2)</script>.mp4`;
    await drop(page, ".watch", [{ name, bytes: readFileSync(sample) }]);
    await page.fill("textarea", `red circle <img src=x onerror="alert(3)">`);
    await page.click("button:has-text('Find the moment')");
    await page.waitForSelector(".answer");
    expect(await page.locator(".stage-name").innerText()).toBe(name);
    await page.click(".answer >> text=Correct it");
    await page.waitForSelector(".moments input");
    expect(await page.locator("img[src=x], main script").count()).toBe(0);
    expect(faults).toEqual([]);
  });
});

inBrowser("watch with an endpoint", ({ open }) => {
  const ask = async (answer: (request: IncomingMessage, body: string) => Reaction) => {
    const server = await endpoint(answer);
    const { port } = server.address() as AddressInfo;
    const url = encodeURIComponent(`http://127.0.0.1:${port}/v1`);
    const watched = await open(
      `#/watch?sample=red-circle&q=the+red+circle+grows&model=endpoint&name=test-model&url=${url}`,
    );
    await watched.page.waitForSelector("button:has-text('Find the moment'):enabled");
    await watched.page.click("button:has-text('Find the moment')");
    return { ...watched, server };
  };

  test("frames go out as image_url behind their times with NumPro's numbers, and numbers come back as seconds", async () => {
    let sent = "";
    const { page, server } = await ask((_, body) => {
      sent = body;
      return { kind: "reply", text: "From Frame 4 to Frame 8." };
    });
    await page.waitForSelector(".answer-spans button");
    expect(await page.locator(".answer-spans").innerText()).toContain("4.00 – 8.00 s");
    const { messages, model } = JSON.parse(sent) as {
      model: string;
      messages: { content: { type: string; text?: string; image_url?: { url: string } }[] }[];
    };
    const parts = messages[0]?.content ?? [];
    expect(model).toBe("test-model");
    expect(parts.filter(({ type }) => type === "image_url")).toHaveLength(12);
    expect(parts[0]?.text).toBe("<0.0 seconds>");
    expect(parts[1]?.image_url?.url).toMatch(/^data:image\/jpeg;base64,/);
    expect(parts.at(-1)?.text).toContain("During which frames can we see the red circle grows?");
    expect(await page.locator(".strip header").innerText()).toContain("numbers drawn in red");
    server.close();
  });

  test.each([
    ["goes away in mid-answer", { kind: "hang up" }, /went away while it answered|got no answer/],
    [
      "refuses the key",
      { kind: "status", status: 401, text: '{"error":{"message":"bad key"}}' },
      /status 401: bad key\. Check the key/,
    ],
    ["answers something else", { kind: "status", status: 200, text: "<html>" }, /Is it an OpenAI-compatible address\?/],
  ] as const)("a server that %s is told in a sentence, and can be asked again", async (_, reaction, told) => {
    const { page, server } = await ask(() => reaction);
    await page.waitForSelector(".watch-side .notice.bad");
    expect(await page.locator(".watch-side .notice.bad").innerText()).toMatch(told);
    expect(await page.locator("button:has-text('Find the moment')").isEnabled()).toBe(true);
    server.close();
  });

  test("a question that hangs is stopped by its button", async () => {
    const { page, server } = await ask(() => ({ kind: "wait" }));
    await page.click("button:has-text('Stop')");
    await page.waitForSelector("button:has-text('Find the moment'):enabled");
    expect(await page.locator(".notice.bad").count()).toBe(0);
    server.closeAllConnections();
    server.close();
  });
});

type Reaction = Readonly<
  | { kind: "reply"; text: string }
  | { kind: "status"; status: number; text: string }
  | { kind: "hang up" }
  | { kind: "wait" }
>;

/** A server that looks like an OpenAI-compatible one. */
function endpoint(answer: (request: IncomingMessage, body: string) => Reaction): Promise<Server> {
  const allowed = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
  const server = createServer((request, response) => {
    if (request.method === "OPTIONS") return response.writeHead(204, allowed).end();
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const reaction = answer(request, Buffer.concat(parts).toString());
      if (reaction.kind === "wait") return;
      if (reaction.kind === "hang up") {
        response.writeHead(200, { ...allowed, "content-type": "application/json", "content-length": "500" });
        response.write('{"choices":[{"message"');
        setImmediate(() => response.destroy());
        return;
      }
      const status = reaction.kind === "status" ? reaction.status : 200;
      const completion = { choices: [{ message: { content: reaction.text }, finish_reason: "stop" }] };
      response.writeHead(status, { ...allowed, "content-type": "application/json" });
      response.end(reaction.kind === "status" ? reaction.text : JSON.stringify(completion));
    });
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
