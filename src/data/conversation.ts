/**
 * Conversations, with the pictures and videos that they speak of, in the layouts that trainers of video language models read.
 *
 * | format | file | row |
 * | --- | --- | --- |
 * | llava | JSON array | {"id", "image" or "video", "conversations": [{"from", "value"}]}; text rows have no media key |
 * | sharegpt | JSON array | conversations, the system turn under its own key, images and videos as lists where there are any |
 * | llama-factory | JSON array | the same with every key in every row: its loader wants the same columns throughout |
 * | swift | JSON Lines | ms-swift: query, response, earlier turns as pairs in history, images and videos as lists |
 * | t3-pairs | JSON array | [{"from": "human", "value"}, {"from": "gpt", "value"}], as Video-T3-QA was released |
 */
import * as z from "zod";

export type Turn = Readonly<{ from: "system" | "human" | "gpt"; value: string }>;

/** An id and alternating human and gpt turns, with at most one system turn, first; media in the order of their tokens. */
export type Conversation = Readonly<{
  id: string;
  turns: readonly Turn[];
  images?: readonly string[];
  videos?: readonly string[];
}>;

export const CONVERSATION_FORMATS = ["llava", "sharegpt", "llama-factory", "swift", "t3-pairs"] as const;
export type ConversationFormat = (typeof CONVERSATION_FORMATS)[number];

/** Who speaks, under the names that files use. */
export const SPEAKERS: Readonly<Record<string, Turn["from"]>> = {
  system: "system",
  human: "human",
  user: "human",
  gpt: "gpt",
  assistant: "gpt",
};

const TurnSchema = z.object({
  from: z.enum(["system", "human", "user", "gpt", "assistant"]).transform((name) => SPEAKERS[name] as Turn["from"]),
  value: z.string(),
});
const Id = z.union([z.string(), z.number()]).transform(String);
const Files = z.union([z.string().transform((file) => [file]), z.array(z.string())]).nullish();
const MEDIA = { image: Files, images: Files, video: Files, videos: Files };
const ListRow = z.object({
  id: Id.nullish(),
  conversations: z.array(TurnSchema).min(1),
  system: z.string().nullish(),
  ...MEDIA,
});
const PairRow = z.array(TurnSchema).min(2);
const SwiftRow = z.object({
  id: Id.nullish(),
  query: z.string(),
  response: z.string(),
  history: z.array(z.tuple([z.string(), z.string()])).nullish(),
  system: z.string().nullish(),
  ...MEDIA,
});

/** One row as JSON text. t3-pairs has no place for an id, a system turn or media; swift needs whole human-gpt pairs. */
export function serialiseConversation(row: Conversation, format: ConversationFormat): string {
  const { id, turns, images = [], videos = [] } = row;
  const media = { ...(images.length > 0 && { images }), ...(videos.length > 0 && { videos }) };
  switch (format) {
    case "llava": {
      const spoken = images.length === 0 && videos.length > 0 ? retold(turns, "<video>", "<image>") : turns;
      return JSON.stringify({
        id,
        ...llavaMedia(images, "image"),
        ...llavaMedia(videos, "video"),
        conversations: spoken,
      });
    }
    case "t3-pairs":
      return JSON.stringify(turns.filter((turn) => turn.from !== "system"));
    case "sharegpt": {
      const { system, spoken } = parts(row);
      return JSON.stringify({ id, conversations: spoken, ...(system !== undefined && { system }), ...media });
    }
    case "llama-factory": {
      const { system = "", spoken } = parts(row);
      return JSON.stringify({ id, conversations: spoken, system, images, videos });
    }
    case "swift":
      return JSON.stringify({ ...swiftRow(row), ...media });
    default:
      return format satisfies never;
  }
}

/**
 * The row of a parsed JSON value with the keys that have no place in a Conversation, or what is wrong with it. Rows without
 * an id are named `fallbackId`.
 */
export function parseConversation(
  value: unknown,
  { format, fallbackId }: { format: ConversationFormat; fallbackId: string },
): { row: Conversation; leftOut: readonly string[] } | { problem: string } {
  if (format === "t3-pairs") {
    const pair = PairRow.safeParse(value);
    return pair.success
      ? { row: { id: fallbackId, turns: pair.data }, leftOut: [] }
      : { problem: problemOf(pair.error) };
  }
  if (format === "swift") {
    const row = SwiftRow.safeParse(value);
    if (!row.success) return { problem: problemOf(row.error) };
    const pairs = [...(row.data.history ?? []), [row.data.query, row.data.response] as const];
    const spoken = pairs.flatMap(([human, gpt]): Turn[] => [
      { from: "human", value: human },
      { from: "gpt", value: gpt },
    ]);
    return { row: whole(row.data, spoken, fallbackId), leftOut: otherKeys(value, SwiftRow) };
  }
  const row = ListRow.safeParse(value);
  if (!row.success) return { problem: problemOf(row.error) };
  return { row: whole(row.data, row.data.conversations, fallbackId), leftOut: otherKeys(value, ListRow) };
}

/** What of a row a format has no place for, in words. */
export function lostIn(format: ConversationFormat, { turns, images = [], videos = [] }: Conversation): string[] {
  if (format !== "t3-pairs") return [];
  return [
    ...(turns[0]?.from === "system" ? ["system turn"] : []),
    ...(images.length > 0 ? ["images"] : []),
    ...(videos.length > 0 ? ["videos"] : []),
  ];
}

type Parsed = Omit<z.infer<typeof ListRow>, "conversations">;

function whole(parsed: Parsed, spoken: readonly Turn[], fallbackId: string): Conversation {
  const { id, system } = parsed;
  const images = [...(parsed.image ?? []), ...(parsed.images ?? [])];
  const videos = [...(parsed.video ?? []), ...(parsed.videos ?? [])];
  const turns: readonly Turn[] = system ? [{ from: "system", value: system }, ...spoken] : spoken;
  return {
    id: id ?? fallbackId,
    // LLaVA's files write <image> for a video as well; elsewhere the token says which list it counts in.
    turns: images.length === 0 && videos.length > 0 ? retold(turns, "<image>", "<video>") : turns,
    ...(images.length > 0 && { images }),
    ...(videos.length > 0 && { videos }),
  };
}

/** A single file stands as a string in LLaVA's rows, several as a list. */
function llavaMedia(files: readonly string[], key: "image" | "video"): Readonly<Record<string, unknown>> {
  return files.length === 0 ? {} : { [key]: files.length === 1 ? files[0] : files };
}

function retold(turns: readonly Turn[], token: string, by: string): readonly Turn[] {
  return turns.map((turn) => (turn.from === "human" ? { ...turn, value: turn.value.replaceAll(token, by) } : turn));
}

function parts({ turns }: Conversation): { system: string | undefined; spoken: readonly Turn[] } {
  const [first] = turns;
  return first?.from === "system"
    ? { system: first.value, spoken: turns.slice(1) }
    : { system: undefined, spoken: turns };
}

/** `history` excludes the last pair; the reference converter repeats it there (video-t3, ms-swift branch). */
function swiftRow(row: Conversation): Readonly<Record<string, unknown>> {
  const { id } = row;
  const { system, spoken } = parts(row);
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
    ...(pairs.length > 0 && { history: pairs }),
    ...(system !== undefined && { system }),
  };
}

function otherKeys(value: unknown, schema: typeof ListRow | typeof SwiftRow): string[] {
  return Object.keys(value as object).filter((key) => !(key in schema.shape));
}

function problemOf(error: z.ZodError): string {
  const issue = error.issues[0];
  const where = issue && issue.path.length > 0 ? `${issue.path.join(".")}: ` : "";
  return `${where}${issue?.message ?? "not a row"}`;
}
