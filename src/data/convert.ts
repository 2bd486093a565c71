/**
 * From one trainer's layout to another, row by row, and what had no place there.
 */
import { copyFileSync, existsSync } from "node:fs";
import { type Conversation, type ConversationFormat, lostIn } from "./conversation.ts";
import { readConversations, writeConversations } from "./conversation-file.ts";
import type { DataFileError } from "./read-error.ts";
import { provenancePath } from "./write-rows.ts";

export type ConvertOptions = Readonly<{
  from: ConversationFormat;
  to: ConversationFormat;
  /** Pass over rows that are none, instead of ending at the first. */
  skipBad?: boolean;
  /** Told where in the input the reading is, in bytes. */
  onOffset?: (offset: number) => void;
}>;

export type Conversion = Readonly<{
  rows: number;
  bad: readonly DataFileError[];
  /** What had no place in the new layout -> rows: keys of the old rows, "system turn", "images", "videos". */
  lost: Readonly<Record<string, number>>;
  /** Did the notes on the rows' origin come along? They do where no row was passed over. */
  provenance: boolean;
}>;

/** Bad rows that are kept to be told; all are counted in `bad.length` up to this many. */
const KEPT = 1000;

/** Convert a file. Throws DataFileError at the first bad row unless these are skipped; then the output stays as it was. */
export async function convertFile(input: string, output: string, options: ConvertOptions): Promise<Conversion> {
  const { from, to, skipBad = false, onOffset } = options;
  const bad: DataFileError[] = [];
  const lost: Record<string, number> = {};
  const lose = (things: readonly string[]) => {
    for (const thing of things) lost[thing] = (lost[thing] ?? 0) + 1;
  };
  const source = readConversations(input, from, {
    onLeftOut: (keys) => lose(keys.map((key) => `"${key}"`)),
    ...(onOffset && { onOffset }),
    ...(skipBad && { onBad: (fault: DataFileError) => bad.length < KEPT && bad.push(fault) }),
  });
  const counted = async function* (): AsyncGenerator<Conversation> {
    for await (const row of source) {
      lose(lostIn(to, row));
      yield row;
    }
  };
  const rows = await writeConversations(output, counted(), to);
  const provenance = bad.length === 0 && existsSync(provenancePath(input));
  if (provenance) copyFileSync(provenancePath(input), provenancePath(output));
  return { rows, bad, lost, provenance };
}
