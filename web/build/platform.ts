/**
 * Where the sources of src/ meet the machine, and what stands there in the browser.
 *
 * The same files of core, media, nn, chat and tasks run in both places. They reach the machine through few doors: ONNX
 * Runtime's binding, the video decoder, picture files, and Node's own modules. Each door has a twin in web/src/platform.
 */
import { resolve } from "node:path";
import type { Plugin } from "vite";

export const sourceFolder = resolve(import.meta.dirname, "../../src");
const platformFolder = resolve(import.meta.dirname, "../src/platform");

/** File of src/ -> its twin in web/src/platform. */
const twins: Readonly<Record<string, string>> = {
  "nn/runtime/onnx-runtime.ts": "onnx-runtime.ts",
  "media/video/index.ts": "video/index.ts",
  "media/image/codec.ts": "image-codec.ts",
};

/** Node's modules with a twin of their own. */
const nodeTwins = ["crypto", "fs", "os", "path"];

/**
 * Every other module of Node is empty here: what sources import from it is undefined (shimMissingExports in vite.config.ts),
 * and never called on the ways that the studio goes.
 */
const absent = "\0node-absent";

/** Puts the browser's twins in the place of the files and modules of the machine. */
export function platform(): Plugin {
  const byPath = new Map(
    Object.entries(twins).map(([file, twin]) => [resolve(sourceFolder, file), resolve(platformFolder, twin)]),
  );
  return {
    name: "zoetrope-platform",
    enforce: "pre",
    async resolveId(source, importer, options) {
      if (source.startsWith("node:")) {
        const name = source.slice("node:".length);
        if (nodeTwins.includes(name)) return resolve(platformFolder, "node", `${name}.ts`);
        return absent;
      }
      const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
      return (resolved && byPath.get(resolved.id)) ?? resolved;
    },
    load: (id) => (id === absent ? "export default {};" : null),
  };
}
