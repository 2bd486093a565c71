/**
 * file:// URLs: only of regular files inside folders that the server's owner named, wherever links lead.
 */
import { realpathSync, statSync } from "node:fs";
import { sep } from "node:path";
import { fileURLToPath } from "node:url";
import { ApiError } from "./api-error.ts";

/** The path behind a file:// URL, links resolved. Throws an ApiError that tells nothing about files outside the folders. */
export function allowedFile(url: string, folders: readonly string[], param: string): string {
  const refuse = (reason: string) =>
    new ApiError(400, `Expected a file that the server may read, got one that it may not: ${reason}.`, {
      param,
      code: "file_refused",
    });
  if (folders.length === 0)
    throw refuse("files are closed; the server's owner can open a folder with --allow-file DIR");
  let path: string;
  try {
    path = realpathSync(fileURLToPath(url));
  } catch {
    throw refuse("it is not inside the folders that --allow-file names, or not there");
  }
  const isInside = folders.some((folder) => path.startsWith(realpathSync(folder).replace(/[/\\]?$/, sep)));
  if (!isInside) throw refuse("it is not inside the folders that --allow-file names, or not there");
  if (!statSync(path).isFile()) throw refuse("it is no regular file");
  return path;
}
