/**
 * Where this program keeps on a user's disk what can be made again: replies, and what was found out about endpoints.
 */
import { homedir } from "node:os";
import { join } from "node:path";

/** $ZOETROPE_CACHE, else a folder "zoetrope" in $XDG_CACHE_HOME, %LOCALAPPDATA% or ~/.cache. */
export function userCacheFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const { ZOETROPE_CACHE: own, XDG_CACHE_HOME: xdg, LOCALAPPDATA: windows } = environment;
  return own || join(xdg || windows || join(homedir(), ".cache"), "zoetrope");
}
