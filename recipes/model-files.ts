/** What lies beside the weights of a checkpoint made from another one: its tokenizer and its image processor. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Tokenizer } from "../src/nn/tokenizer/index.ts";

const preprocessor = "preprocessor_config.json";

export function modelFilesOf(folder: string, tokenizer: Tokenizer): Map<string, string> {
  return new Map([...tokenizer.files, [preprocessor, readFileSync(join(folder, preprocessor), "utf8")]]);
}
