/** Files: written whole or not at all, parsed; where the package lies. */
export { modelsFolder, packageFolder } from "./package-folder.ts";
export { parseJsonFile } from "./parse-json-file.ts";
export { openPendingFile, type PendingFile, writeAtomically } from "./write-atomically.ts";
