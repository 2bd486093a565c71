/**
 * Checkpoint folders that lie beside the page, opened by the same loader as on the command line: their files are fetched
 * into the disk in memory (platform/node/fs.ts).
 */
import { type ChatModel, openLocalModel } from "zoetrope/chat";
import { placeFile } from "../platform/node/fs.ts";
import type { ListedModel, Progress } from "./protocol.ts";

const opened = new Map<string, Promise<ChatModel>>();

/** Fetch and open a model; once, however often it is asked for. */
export function localModel(name: string, base: string, onProgress: (progress: Progress) => void): Promise<ChatModel> {
  const known = opened.get(name) ?? load(name, base, onProgress);
  opened.set(name, known);
  known.catch(() => opened.delete(name));
  return known;
}

async function load(name: string, base: string, onProgress: (progress: Progress) => void): Promise<ChatModel> {
  const listing = await fetch(new URL("models.json", base));
  const models = (await listing.json()) as ListedModel[];
  const model = models.find((each) => each.name === name);
  if (model === undefined) {
    const known = models.map((each) => each.name).join(", ");
    throw new Error(`Expected a model beside the page (${known}), got "${name}". Choose another one.`);
  }
  const total = model.files.reduce((sum, { bytes }) => sum + bytes, 0);
  let fetched = 0;
  for (const file of model.files) {
    const response = await fetch(new URL(`models/${name}/${file.name}`, base));
    if (!response.ok || response.body === null)
      throw new Error(`Expected ${file.name} of ${name}, got status ${response.status}. Reload the page.`);
    const bytes = new Uint8Array(file.bytes);
    let at = 0;
    for await (const piece of response.body) {
      bytes.set(piece.subarray(0, bytes.length - at), at);
      at += piece.length;
      fetched += piece.length;
      const text = `Fetching ${name}, ${(fetched / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`;
      onProgress({ stage: "model", text, part: fetched / total });
    }
    if (at !== file.bytes)
      throw new Error(`Expected ${file.bytes} bytes of ${name}/${file.name}, got ${at}. Reload the page.`);
    placeFile(`/zoetrope/models/${name}/${file.name}`, bytes);
  }
  placeFile("/zoetrope/package.json", new TextEncoder().encode("{}"));
  onProgress({ stage: "model", text: `Opening ${name}`, part: null });
  return openLocalModel(name, { batch: 16 });
}
