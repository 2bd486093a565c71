/** Files: written whole or not at all; where the package lies. */
export { modelsFolder, packageFolder } from "./package-folder.ts";
export { openPendingFile, type PendingFile, writeAtomically } from "./write-atomically.ts";
