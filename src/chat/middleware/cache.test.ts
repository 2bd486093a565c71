import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type RgbaImage, rgbaImage } from "../../media/image/index.ts";
import type { Reply } from "../chat-model.ts";
import { userMessage } from "../message.ts";
import { withCache } from "./cache.ts";
import { computed, failed, question, reply } from "./computed-model.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-cache-"));
afterAll(() => rmSync(folder, { recursive: true }));
const cacheFolder = (name: string) => join(folder, name);

function filesOf(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));
}

test("a reply is asked for once, in this process and in the next", async () => {
  const model = computed((_, call) => reply(`reply ${call}`));
  let hits = 0;
  const options = { folder: cacheFolder("once"), onHit: () => void hits++ };
  const first = await withCache(model, options).generate(question);
  expect(await withCache(model, options).generate(question)).toEqual(first);
  const stream = withCache(model, options).stream(question);
  expect(await stream.next()).toEqual({ done: false, value: first.text });
  expect(await stream.next()).toEqual({ done: true, value: first });
  expect([model.calls, hits]).toEqual([1, 2]);
  const scored = withCache(model, options);
  expect(await scored.scoreOptions(question, ["a"])).toEqual(await scored.scoreOptions(question, ["a"]));
  expect(model.calls).toBe(2);
});

test("everything that a reply depends on makes another question (oracle: each change asks anew, no change does not)", async () => {
  const model = computed((_, call) => reply(String(call)));
  const cached = withCache(model, { folder: cacheFolder("key") });
  const image = (value: number): RgbaImage => {
    const made = rgbaImage(4, 4);
    made.data.fill(value);
    return made;
  };
  const shown = (value: number, time: number, index: number, text = "?") =>
    [userMessage(text, [{ image: image(value), time, index }])] as const;
  const path = join(folder, "clip.bin");
  writeFileSync(path, "one");
  const frames = [{ image: image(1), time: 0, index: 0 }];
  const clip = (more: object = {}) => [userMessage("?", { type: "video", path, frames, duration: 2, ...more })];
  const changes: (() => Promise<Reply>)[] = [
    () => cached.generate(shown(1, 0, 0)),
    () => cached.generate(shown(2, 0, 0)),
    () => cached.generate(shown(1, 0.5, 0)),
    () => cached.generate(shown(1, 0, 1)),
    () => cached.generate(shown(1, 0, 0, "!")),
    () => cached.generate([...shown(1, 0, 0), ...shown(1, 0, 0)]),
    () => cached.generate(shown(1, 0, 0), { maxNewTokens: 5 }),
    () => cached.generate(shown(1, 0, 0), { temperature: 1 }),
    () => cached.generate(shown(1, 0, 0), { temperature: 1, seed: 2 }),
    () => cached.generate(shown(1, 0, 0), { stop: ["."] }),
    () => cached.generate(shown(1, 0, 0), { logProbabilities: 0 }),
    () => cached.generate(shown(1, 0, 0), { schema: { name: "s", schema: {} } }),
    () => withCache({ ...model, fingerprint: "other" }, { folder: cacheFolder("key") }).generate(shown(1, 0, 0)),
    () => cached.generate(clip()),
    () => cached.generate(clip({ span: { start: 0, end: 1 } })),
    () => cached.generate(clip({ fps: 1 })),
    () => cached.generate(clip({ frames: [{ ...frames[0], index: 3, time: 1 }] })),
    async () => {
      writeFileSync(path, "two");
      return cached.generate(clip());
    },
  ];
  for (const [i, change] of changes.entries()) {
    await change();
    expect(model.calls, `change ${i}`).toBe(i + 1);
  }
  for (const change of changes.slice(0, 13)) await change();
  // Greedy replies do not depend on a seed.
  await cached.generate(shown(1, 0, 0), { seed: 9, maxNewTokens: 32 });
  expect(model.calls).toBe(changes.length);
});

test("many questions: the known ones at once, the others from the model, each told once under its own place", async () => {
  const model = computed((messages) => reply(JSON.stringify(messages)));
  const cached = withCache(model, { folder: cacheFolder("many") });
  const list = Array.from({ length: 10 }, (_, i) => [userMessage(String(i))]);
  await cached.generateMany(list.filter((_, i) => i % 3 === 0));
  const told = new Map<number, string>();
  const progress: number[] = [];
  const replies = await cached.generateMany(list, {
    onReply: ({ text }, i) => void told.set(i, text),
    onProgress: (count) => void progress.push(count),
  });
  expect(model.calls).toBe(10);
  expect(replies.map(({ text }) => text)).toEqual(list.map((messages) => JSON.stringify(messages)));
  expect([...told].every(([i, text]) => text === JSON.stringify(list[i]))).toBe(true);
  expect(progress).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("files that are torn or foreign count as none, empty answers are not kept, a failure leaves nothing behind", async () => {
  const where = cacheFolder("torn");
  const model = computed((_, call) => reply(call === 1 ? "" : `reply ${call}`));
  await withCache(model, { folder: where }).generate(question);
  const [file] = filesOf(where);
  for (const content of ['{"model": "m", "rep', "[]", '{"model":"m","reply":{"text":3}}']) {
    writeFileSync(join(where, file as string), content);
    await withCache(model, { folder: where }).generate(question);
  }
  expect(model.calls).toBe(4);
  expect(JSON.parse(readFileSync(join(where, file as string), "utf8"))).toMatchObject({ reply: { text: "reply 3" } });
  const failing = withCache(
    computed(() => Promise.reject(failed())),
    { folder: where },
  );
  await expect(failing.generate([userMessage("other")])).rejects.toThrow("failed");
  expect(filesOf(where)).toHaveLength(1);
});

test("writers of one folder do not disturb each other", async () => {
  const where = cacheFolder("crowd");
  mkdirSync(where);
  const models = Array.from({ length: 8 }, (_, i) =>
    withCache(
      computed(() => reply(`from ${i}`)),
      { folder: where },
    ),
  );
  const list = Array.from({ length: 25 }, (_, i) => [userMessage(String(i))]);
  await Promise.all(models.map((model) => model.generateMany(list)));
  expect(filesOf(where)).toHaveLength(25);
  for (const file of filesOf(where)) {
    expect(JSON.parse(readFileSync(join(where, file), "utf8"))).toHaveProperty(
      "reply.text",
      expect.stringMatching(/^from \d$/),
    );
  }
  expect(readdirSync(where, { recursive: true, encoding: "utf8" }).some((name) => name.endsWith(".tmp"))).toBe(false);
});
