/** A short hash of the weights of a checkpoint or adapter folder, so that a finished training is not taken for one of other weights. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export function fingerprintOfModel(folder: string): string {
  const names = ["model.safetensors", "adapter_model.safetensors"].filter((name) => existsSync(join(folder, name)));
  if (names.length === 0) throw new Error(`Expected weights in ${folder}, got none. Is it a checkpoint folder?`);
  const hash = createHash("sha256");
  for (const name of names) hash.update(readFileSync(join(folder, name)));
  return hash.digest("hex").slice(0, 16);
}
