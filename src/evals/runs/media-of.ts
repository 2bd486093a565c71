/** Which file frames came from, so that another encoding of a video under the same name is told from it. */
import { fileIdentity } from "../../core/files/index.ts";
import type { Media } from "./format/index.ts";

/** A file as a row tells it. */
export function mediaOf(file: string, { frames, duration }: Pick<Media, "frames" | "duration">): Media {
  return { file, ...fileIdentity(file), frames, duration };
}
