/**
 * LLaMA-Factory finds data sets by name in a registry, dataset_info.json, that lies in its data folder.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import * as z from "zod";
import { writeAtomically } from "../core/files/index.ts";

const Registry = z.record(z.string(), z.unknown());

/** What LLaMA-Factory needs to know of a file that writeConversations made in its format. */
export function datasetStanza(fileName: string): Readonly<Record<string, unknown>> {
  return {
    file_name: fileName,
    formatting: "sharegpt",
    columns: { messages: "conversations", system: "system", images: "images", videos: "videos" },
    tags: { role_tag: "from", content_tag: "value", user_tag: "human", assistant_tag: "gpt" },
  };
}

/**
 * Enter the data file into the dataset_info.json beside it, other entries left as they are. Gives the registry's path. Throws
 * an Error where the registry there is no JSON object.
 */
export function registerDataset(dataFile: string, name: string): string {
  const path = join(dirname(dataFile), "dataset_info.json");
  const entries = existsSync(path) ? readRegistry(path) : {};
  const all = { ...entries, [name]: datasetStanza(basename(dataFile)) };
  writeAtomically(path, [`${JSON.stringify(all, null, 2)}\n`]);
  return path;
}

function readRegistry(path: string): Record<string, unknown> {
  try {
    return Registry.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new Error(`Expected a JSON object of data sets in ${path}, got something else. Move it away or repair it.`, {
      cause: error,
    });
  }
}
