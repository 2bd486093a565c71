/**
 * A training file as rows with their files in place, or one sentence about the first fault.
 */
import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { type Conversation, type ConversationFormat, readConversations, validateFile } from "../../data/index.ts";

export type SftRowsOptions = Readonly<{
  /** Default: told by the first row. */
  format?: ConversationFormat;
  /** Where pictures and videos lie; absolute paths are taken as they are. Default: the current folder. */
  media?: string;
}>;

/** All rows, media as paths that exist. Throws an Error that names line, field and fault. */
export async function readSftRows(file: string, { format, media = "." }: SftRowsOptions = {}): Promise<Conversation[]> {
  const at = (name: string) => (isAbsolute(name) ? name : join(media, name));
  const checked = await validateFile(file, {
    max: 1,
    exists: (name) => existsSync(at(name)),
    ...(format !== undefined && { format }),
  });
  const [first] = checked.first;
  if (first) {
    const more = checked.faults > 1 ? ` There are ${checked.faults - 1} more faults.` : "";
    throw new Error(
      `Expected rows to learn from, got a fault at ${file}:${first.line}: ${first.field}: ${first.problem}.${more} zoetrope data validate lists them; --media names the folder of pictures and videos.`,
    );
  }
  if (checked.format === undefined || checked.rows === 0) throw new Error(`Expected rows in ${file}, got none.`);
  const rows: Conversation[] = [];
  for await (const row of readConversations(file, checked.format)) {
    const placed = {
      ...(row.images && { images: row.images.map(at) }),
      ...(row.videos && { videos: row.videos.map(at) }),
    };
    rows.push({ ...row, ...placed });
  }
  return rows;
}
