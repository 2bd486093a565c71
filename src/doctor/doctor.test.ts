/** Oracle: servers whose clock is right or wrong as the test tells them, with eyes of their own for the films. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openModel } from "../chat/index.ts";
import { type CheckEndpointOptions, checkEndpoint } from "./check-endpoint.ts";
import { checkMachine } from "./check-machine.ts";
import { clipDuration, clipEvents, makeClockClips, unevenTimes } from "./clock-clip.ts";
import { formatEndpoint, formatMachine } from "./format.ts";
import { readEvents, readSeconds } from "./questions.ts";
import { type Clock, seeingServer } from "./seeing-server.fixture.ts";
import { judgeTimes } from "./verdict.ts";

const memory = mkdtempSync(join(tmpdir(), "zoetrope-doctor-test-"));
afterAll(() => rmSync(memory, { recursive: true }));

async function examine(clock: Clock, options: CheckEndpointOptions = {}) {
  await using server = await seeingServer(clock);
  const wait = async () => {};
  const report = await checkEndpoint(server.url, { memory, retry: { wait }, ...options });
  const of = (shape: string) => report.reports.find((each) => each.shape === shape);
  return { report, of, text: formatEndpoint(report), url: server.url };
}

test("the films are what they are said to be (oracle: their timestamps, and the colours of their frames)", async () => {
  await using clips = await makeClockClips();
  const { duration, frameCount, frames } = await clips.video("variable", 1);
  expect(duration).toBeCloseTo(clipDuration, 2);
  expect(frameCount).toBe(unevenTimes().length);
  frames.forEach(({ time, index }) => {
    expect(time).toBeCloseTo(unevenTimes()[index] as number, 2);
  });
  // The average rate puts the second event seconds away from where it is.
  const index = unevenTimes().findIndex((time) => time >= 9);
  expect(Math.abs(index / (170 / 20) - 9)).toBeGreaterThan(4);
  expect(clipEvents).toEqual([
    { name: "red circle", start: 4 },
    { name: "blue square", start: 9 },
    { name: "green triangle", start: 16 },
  ]);
});

test("a server that tells the time right is right in every shape, and what it is is remembered", async () => {
  const { report, of, text, url } = await examine({});
  expect(report).toMatchObject({ verdict: "right", recommended: "frames", wrong: [], model: "seer", owner: "vllm" });
  expect(report.reports.map(({ constant, variable }) => [constant.kind, variable.kind])).toEqual(
    report.reports.map(() => ["right", "right"]),
  );
  expect(report.reports.map(({ shape, isRateObeyed }) => [shape, isRateObeyed])).toEqual([
    ["frames", null],
    ["frames-metadata", null],
    ["video-url", true],
    // These name no rate: the server chooses.
    ["sglang", null],
    ["llama-server", null],
  ]);
  expect(of("frames")).toMatchObject({ promptTokens: 1030, tokensPerFrame: 50, duration: 20, lastClock: 19 });
  expect(text).toMatch(/seer at .* \(vllm, context 8,192\) tells the time right\./);
  expect(text).toContain("Use --shape frames;");
  const kept = JSON.parse(readFileSync(join(memory, "endpoints.json"), "utf8")).endpoints[`${url}#seer`];
  expect(kept).toMatchObject({ by: "doctor", frame: { tokens: 50, width: 320, height: 240, isFixed: true } });
  expect(kept.shapes[0]).toBe("frames");
  expect(kept.shapes).toHaveLength(5);
});

test("a stretched clock is named with its factor, and its shapes are warned of", async () => {
  const { report, of, text } = await examine({ stretch: 0.25 });
  expect(report.verdict).toBe("right");
  expect(report.wrong).toEqual(["video-url", "sglang", "llama-server"]);
  expect(of("video-url")?.constant).toEqual({ kind: "stretched", scale: expect.closeTo(0.25, 2) });
  expect(of("video-url")?.duration).toBe(5);
  expect(text).toContain("right in some shapes and WRONG in others (video-url, sglang, llama-server).");
  expect(text).toContain("wrong: told as 0.25 times the true time");
  expect(text).toContain("Do not use --shape video-url for questions about time.");
});

test("a server that counts frames at an average rate is right on constant rates only", async () => {
  const both = await examine({ countsFrames: true });
  expect(both.of("video-url")).toMatchObject({ constant: { kind: "right" }, variable: { kind: "off" } });
  expect(both.report.wrong).toContain("video-url");
  const alone = await examine({ countsFrames: true, takes: ["video_url"] });
  expect(alone.report).toMatchObject({ verdict: "constant rates only", recommended: "video-url" });
  expect(alone.of("frames")?.refusal).toMatch(/Unknown part type: image_url/);
  expect(alone.text).toContain("It was not seen to tell the time right.");
});

test("a server that is wrong in all it takes is named as such", async () => {
  const { report, text } = await examine({ stretch: 3, takes: ["input_video"] });
  expect(report.verdict).toBe("wrong");
  expect(text).toContain("TELLS THE TIME WRONG");
});

test("a rate that changes nothing and a film that is cut short are told", async () => {
  const { of, text } = await examine({ ownRate: 2, upTo: 11 });
  expect(of("video-url")).toMatchObject({ isRateObeyed: false, lastClock: 11 });
  expect(text).toContain("fps is IGNORED");
  expect(text).toContain("the last picture shows second 11: the rest of the film was NOT looked at");
});

test("what a blind model says is no judgement of the server; a server without pictures is told from it", async () => {
  const blind = await examine({ isBlind: true });
  expect(blind.report).toMatchObject({ verdict: "unclear", wrong: [] });
  expect(blind.text).toContain('frames: taken, but there are no times in the answers ("I cannot tell.")');
  const textOnly = await examine({ takes: [] });
  expect(textOnly.report).toMatchObject({ verdict: "no pictures", recommended: null });
});

test("the shape that the doctor has found is taken without asking, and its tokens plan a run", async () => {
  await using server = await seeingServer({ stretch: 3, takes: ["video/jpeg", "video_url"] });
  await checkEndpoint(server.url, { memory });
  const before = server.asked();
  const model = await openModel(server.url, { memory });
  expect(model.shape).toBe("frames-metadata");
  expect(server.asked()).toBe(before);
});

test("a server that is gone is an error, not a verdict", async () => {
  await expect(checkEndpoint("http://127.0.0.1:9/v1#m", { memory })).rejects.toThrow(/Cannot reach/);
});

test.each([
  [[4, 9, 16, 20], { kind: "right" }],
  [[4.9, 8, 17.2, 19], { kind: "right" }],
  [[1, 2.3, 4, 5], { kind: "stretched", scale: expect.closeTo(0.25, 1) }],
  [[14, 19, 26, 30], { kind: "shifted", by: 10 }],
  [[16, 9, 4, 20], { kind: "off", worst: 12 }],
  [[null, null, null, 20], { kind: "unread" }],
  [[], { kind: "unread" }],
])("times told as %j are judged %j (oracle: by hand)", (told, verdict) => {
  expect(judgeTimes(told, [4, 9, 16, 20], 1.5)).toEqual(verdict);
});

test("answers are read as people write them (oracle: by hand)", () => {
  expect(readSeconds("The video is 20 seconds long.")).toBe(20);
  expect(readSeconds("00:20")).toBe(20);
  expect(readSeconds("<think>Perhaps 5 s, or 7.</think>About 12.5 s")).toBe(12.5);
  expect(readSeconds("I cannot tell.")).toBeNull();
  expect(readEvents("4, 9, 16")).toEqual([4, 9, 16]);
  expect(readEvents("1. red circle: 4 s\n2. blue square: 9 s\n3. green triangle: 00:16")).toEqual([4, 9, 16]);
  expect(readEvents("The green triangle comes at 16, the red circle at 4 and the blue square at 9.")).toEqual([
    4, 9, 16,
  ]);
  expect(readEvents("4 and 9")).toEqual([4, 9, null]);
});

test("this machine is examined: every part by name, faults with a remedy", async () => {
  const findings = await checkMachine({
    environment: { ZOETROPE_CACHE: join(memory, "cache"), OPENAI_API_KEY: "sk-secret" },
  });
  const statuses = Object.fromEntries(findings.map(({ name, status }) => [name, status]));
  for (const name of ["node", "pictures", "video", "codecs", "model", "cache", "keys"])
    expect(statuses[name]).toBe("ok");
  const text = formatMachine([...findings, { name: "x", status: "fault", detail: "broken", remedy: "Mend it." }]);
  expect(text).toMatch(/^! x +broken\n +Mend it\.$/m);
  expect(text).toContain("OPENAI_API_KEY");
  expect(text).not.toContain("sk-secret");
});
