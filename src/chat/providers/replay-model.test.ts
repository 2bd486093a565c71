import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { rgbaImage } from "../../media/image/index.ts";
import { userMessage, type VideoPart } from "../message.ts";
import { openModel } from "../open-model.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-replay-"));
afterAll(() => rmSync(folder, { recursive: true }));

const shown = (times: readonly number[]) => times.map((pts, i) => ({ i, pts, src_index: Math.round(pts * 10) }));
const line = (input: string, reply: string | null, temporal: object | null = null) =>
  JSON.stringify({ doc_id: 0, input, resps: reply === null ? [[]] : [[reply]], filtered_resps: [reply], temporal });
const video = (times: readonly number[], path: string): VideoPart => ({
  type: "video",
  path: join(folder, path),
  frames: times.map((time) => ({ image: rgbaImage(2, 2), time, index: Math.round(time * 10) })),
});
writeFileSync(join(folder, "a.mp4"), "first film");
writeFileSync(join(folder, "b.mp4"), "second film");

function log(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.map((each) => `${each}\n`).join(""));
  return `replay:${path}`;
}

test("the reply is the one that the log has of this question about these frames of this file (oracle: the log)", async () => {
  const media = (file: string) => ({ file, hash: "unknown" });
  const reference = log("run.jsonl", [
    '{"format":"zoetrope-run","version":2}',
    line("When?", "at 1", { frames: shown([0, 1]), media: media("/elsewhere/a.mp4"), finish: "length" }),
    line("When?", "at 2", { frames: shown([0, 1]), media: media("/elsewhere/b.mp4") }),
    line("When?", "blind", { frames: [], media: media("/elsewhere/a.mp4") }),
    line("Which?", "  red ", { frames: null }),
    line("Never?", null),
    '{"torn": ',
  ]);
  const model = await openModel(reference);
  const ask = async (text: string, part: VideoPart | [] = []) => (await model.generate([userMessage(text, part)])).text;
  expect(await ask("When?", video([0, 1], "a.mp4"))).toBe("at 1");
  expect(await ask("When?", video([0, 1], "b.mp4"))).toBe("at 2");
  expect(await ask("When?")).toBe("blind");
  expect(await ask("Which?", video([0, 3], "a.mp4"))).toBe("red");
  expect((await model.generate([userMessage("When?", video([0, 1], "a.mp4"))])).finish).toBe("length");
  await expect(ask("When?", video([0, 2], "a.mp4"))).rejects.toThrow(/"When\?" about 2 frames.*Ask as that run did/);
  await expect(ask("Never?")).rejects.toThrow(/Never/);
  // Frames alone do not say of which film they are.
  const { frames } = video([0, 1], "a.mp4");
  await expect(model.generate([userMessage("When?", frames)])).rejects.toThrow(/2 different ones/);
});

test("lmms-eval's sample logs are answered from, with resps left out where they say the same", async () => {
  const reference = log("samples.jsonl", [
    JSON.stringify({ doc_id: 3, input: "When?", filtered_resps: ["at 4"], target: "x" }),
  ]);
  const model = await openModel(reference);
  expect((await model.generate([userMessage("When?", video([0], "a.mp4"))])).text).toBe("at 4");
  expect(model.fingerprint).toMatch(/^replay:[0-9a-f]{16}$/);
});

test("a folder's logs are one run; a log without replies is refused", async () => {
  const model = await openModel(`replay:${folder}`);
  expect((await model.generate([userMessage("Which?")])).text).toBe("red");
  await expect(openModel(log("none.jsonl", ["{}"]))).rejects.toThrow(/with replies/);
  await expect(openModel("replay:not/there")).rejects.toThrow(/not there/);
});
