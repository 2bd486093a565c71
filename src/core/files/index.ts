/** Files: written whole or not at all, locked, parsed; where the package lies. */
export { type FileIdentity, fileIdentity } from "./file-identity.ts";
export { type FileLock, isLocked, lockFile } from "./file-lock.ts";
export { modelsFolder, packageFolder } from "./package-folder.ts";
export { parseJsonFile } from "./parse-json-file.ts";
export { openPendingFile, type PendingFile, syncFolder, writeAtomically } from "./write-atomically.ts";
