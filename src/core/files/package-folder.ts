/**
 * Where this package lies, whether it runs from its sources (src/) or compiled (dist/src/).
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of our package.json: the clone, or node_modules/zoetrope. */
export function packageFolder(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
  }
  throw new Error(`Expected a package.json above ${import.meta.dirname}, got none. Install the package again.`);
}

/** The folder of the checkpoints that ship with the package. It may be absent. */
export function modelsFolder(): string {
  return join(packageFolder(), "models");
}
