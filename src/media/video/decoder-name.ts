/**
 * What turns packets into pixels here. Two decoders, or two versions of one, may give pixels that differ a little.
 */
import { join } from "node:path";
import { packageFolder, parseJsonFile } from "../../core/files/index.ts";

let name: string | undefined;

/** Libraries with versions, which package.json names exactly: "mediabunny 1.61.0, node-av 6.1.1". */
export function decoderName(): string {
  if (name !== undefined) return name;
  const { dependencies } = parseJsonFile(join(packageFolder(), "package.json")) as {
    dependencies: Readonly<Record<string, string>>;
  };
  name = ["mediabunny", "node-av"].map((library) => `${library} ${dependencies[library]}`).join(", ");
  return name;
}
