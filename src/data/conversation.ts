/**
 * Text conversations in the four layouts that trainers of video language models read.
 *
 * | format | file | row |
 * | --- | --- | --- |
 * | llava | JSON array | {"id", "conversations": [{"from", "value"}]} without an image key |
 * | t3 | JSON array | [{"from": "human", "value"}, {"from": "gpt", "value"}], as Video-T3-QA was released |
 * | sharegpt | JSON array | LLaMA-Factory: conversations, and the system turn under its own key |
 * | swift | JSON Lines | ms-swift: query, response, earlier turns as pairs in history |
 */
import * as z from "zod";

export type Turn = Readonly<{ from: "system" | "human" | "gpt"; value: string }>;

/** An id and alternating human and gpt turns, with at most one system turn, first. */
export type Conversation = Readonly<{ id: string; turns: readonly Turn[] }>;

export const CONVERSATION_FORMATS = ["llava", "t3", "sharegpt", "swift"] as const;
export type ConversationFormat = (typeof CONVERSATION_FORMATS)[number];

const TurnSchema = z.object({ from: z.enum(["system", "human", "gpt"]), value: z.string() });
const Id = z.union([z.string(), z.number()]).transform(String);
const ListRow = z.object({
  id: Id.optional(),
  conversations: z.array(TurnSchema).min(1),
  system: z.string().optional(),
});
const PairRow = z.array(TurnSchema).min(2);
const SwiftRow = z.object({
  id: Id.optional(),
  query: z.string(),
  response: z.string(),
  history: z.array(z.tuple([z.string(), z.string()])).optional(),
  system: z.string().optional(),
});

/** One row as JSON text. The t3 layout has no place for an id or a system turn; swift needs whole human-gpt pairs. */
export function serialiseConversation({ id, turns }: Conversation, format: ConversationFormat): string {
  switch (format) {
    case "llava":
      return JSON.stringify({ id, conversations: turns });
    case "t3":
      return JSON.stringify(turns.filter((turn) => turn.from !== "system"));
    case "sharegpt": {
      const { system, spoken } = parts(turns);
      return JSON.stringify({ id, conversations: spoken, ...(system === undefined ? {} : { system }) });
    }
    case "swift":
      return JSON.stringify(swiftRow(id, turns));
    default:
      return format satisfies never;
  }
}

/** The row of a parsed JSON value, or what is wrong with it. Rows without an id are named `fallbackId`. */
export function parseConversation(
  value: unknown,
  { format, fallbackId }: { format: ConversationFormat; fallbackId: string },
): { row: Conversation } | { problem: string } {
  if (format === "t3") {
    const pair = PairRow.safeParse(value);
    return pair.success ? { row: { id: fallbackId, turns: pair.data } } : { problem: problemOf(pair.error) };
  }
  if (format === "swift") {
    const row = SwiftRow.safeParse(value);
    if (!row.success) return { problem: problemOf(row.error) };
    const { id = fallbackId, query, response, history = [], system } = row.data;
    const pairs = [...history, [query, response] as const];
    const spoken = pairs.flatMap(([human, gpt]): Turn[] => [
      { from: "human", value: human },
      { from: "gpt", value: gpt },
    ]);
    return { row: { id, turns: withSystem(system, spoken) } };
  }
  const row = ListRow.safeParse(value);
  if (!row.success) return { problem: problemOf(row.error) };
  const { id = fallbackId, conversations, system } = row.data;
  return { row: { id, turns: withSystem(system, conversations) } };
}

function parts(turns: readonly Turn[]): { system: string | undefined; spoken: readonly Turn[] } {
  const [first] = turns;
  return first?.from === "system"
    ? { system: first.value, spoken: turns.slice(1) }
    : { system: undefined, spoken: turns };
}

/** `history` excludes the last pair; the reference converter repeats it there (video-t3, ms-swift branch). */
function swiftRow(id: string, turns: readonly Turn[]): z.input<typeof SwiftRow> {
  const { system, spoken } = parts(turns);
  const pairs: [string, string][] = [];
  for (let i = 0; i < spoken.length; i += 2) {
    const [human, gpt] = [spoken[i], spoken[i + 1]];
    if (human?.from !== "human" || gpt?.from !== "gpt") {
      throw new TypeError(
        `Expected alternating human and gpt turns for ms-swift, got ${spoken.map(({ from }) => from).join(", ")} in "${id}".`,
      );
    }
    pairs.push([human.value, gpt.value]);
  }
  const last = pairs.pop();
  if (!last) throw new TypeError(`Expected at least one human and one gpt turn in "${id}", got none.`);
  return {
    id,
    query: last[0],
    response: last[1],
    ...(pairs.length > 0 ? { history: pairs } : {}),
    ...(system === undefined ? {} : { system }),
  };
}

function withSystem(system: string | undefined, spoken: readonly Turn[]): readonly Turn[] {
  return system === undefined || system === "" ? spoken : [{ from: "system", value: system }, ...spoken];
}

function problemOf(error: z.ZodError): string {
  const issue = error.issues[0];
  const where = issue && issue.path.length > 0 ? `${issue.path.join(".")}: ` : "";
  return `${where}${issue?.message ?? "not a row"}`;
}
