/**
 * What is wrong with one row, field by field: what a trainer would stumble over, drop without a word, or learn wrongly.
 */
import { type ConversationFormat, SPEAKERS } from "./conversation.ts";

/** `field` as in "conversations[1].value"; `kind` is one of a few fixed phrases to count by. */
export type RowFault = Readonly<{ field: string; kind: string; problem: string }>;

type FaultOptions = Readonly<{
  /** Does the media file exist? Without it files are not looked for. */
  exists?: (file: string) => boolean;
}>;

type Spoken = Readonly<{ field: string; from: unknown; value: unknown; fromField: string }>;
type Row = Readonly<Record<string, unknown>>;

/** All faults of a parsed row in the given format; none for a good one. */
export function rowFaults(value: unknown, format: ConversationFormat, options: FaultOptions = {}): RowFault[] {
  const faults: RowFault[] = [];
  const turns = format === "t3-pairs" ? listed(value, "", faults) : turnsOf(value, format, faults);
  if (!turns) return faults;
  for (const turn of turns) checkTurn(turn, faults);
  if (faults.length === 0) checkRoles(turns, faults);
  if (format !== "t3-pairs") checkMedia(value as Row, turns, { format, ...options, faults });
  checkAnswer(turns, faults);
  return faults;
}

function turnsOf(value: unknown, format: ConversationFormat, faults: RowFault[]): Spoken[] | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    faults.push({ field: "(row)", kind: "no row", problem: `expected an object, got ${nameOf(value)}` });
    return undefined;
  }
  const row = value as Row;
  if (format === "swift") return swiftTurns(row, faults);
  const turns = listed(row.conversations, "conversations", faults);
  if (row.system !== undefined && row.system !== null && typeof row.system !== "string") {
    faults.push({ field: "system", kind: "non-string value", problem: `expected a string, got ${nameOf(row.system)}` });
  }
  return turns;
}

function listed(list: unknown, name: string, faults: RowFault[]): Spoken[] | undefined {
  const field = name === "" ? "(row)" : name;
  if (!Array.isArray(list)) {
    faults.push({ field, kind: "no turns", problem: `expected a list of turns, got ${nameOf(list)}` });
    return undefined;
  }
  if (list.length === 0) faults.push({ field, kind: "no turns", problem: "expected turns, got an empty list" });
  return list.map((turn: unknown, i) => {
    const at = `${name}[${i}]`;
    const { from, value } = (typeof turn === "object" && turn !== null ? turn : {}) as Row;
    return { from, value, field: `${at}.value`, fromField: `${at}.from` };
  });
}

function swiftTurns(row: Row, faults: RowFault[]): Spoken[] {
  const turns: Spoken[] = [];
  const add = (from: string, value: unknown, field: string) => turns.push({ from, value, field, fromField: field });
  if (row.system !== undefined && row.system !== null) add("system", row.system, "system");
  const history = row.history ?? [];
  if (!Array.isArray(history)) {
    faults.push({ field: "history", kind: "no turns", problem: `expected a list of pairs, got ${nameOf(history)}` });
  } else {
    for (const [i, pair] of history.entries()) {
      if (!Array.isArray(pair) || pair.length !== 2) {
        faults.push({
          field: `history[${i}]`,
          kind: "no turns",
          problem: `expected [query, response], got ${nameOf(pair)}`,
        });
        continue;
      }
      add("human", pair[0], `history[${i}][0]`);
      add("gpt", pair[1], `history[${i}][1]`);
    }
    const last: unknown = history.at(-1);
    if (Array.isArray(last) && last[0] === row.query && last[1] === row.response) {
      const problem = "the last pair is the row's own query and response, which would be trained on twice";
      faults.push({ field: `history[${history.length - 1}]`, kind: "repeated history", problem });
    }
  }
  add("human", row.query, "query");
  add("gpt", row.response, "response");
  return turns;
}

function checkTurn({ from, value, field, fromField }: Spoken, faults: RowFault[]): void {
  if (typeof from !== "string" || !(from in SPEAKERS)) {
    const known = Object.keys(SPEAKERS).join(", ");
    faults.push({
      field: fromField,
      kind: "unknown speaker",
      problem: `expected one of ${known}, got ${nameOf(from)}`,
    });
  }
  if (typeof value !== "string") {
    faults.push({ field, kind: "non-string value", problem: `expected a string, got ${nameOf(value)}` });
  } else if (value.trim() === "") faults.push({ field, kind: "empty value", problem: "expected text, got none" });
}

/** At most one system turn, first; then human and gpt in turn, gpt last. */
function checkRoles(turns: readonly Spoken[], faults: RowFault[]): void {
  const speaker = (turn: Spoken | undefined) => SPEAKERS[String(turn?.from)];
  const spoken = turns.slice(speaker(turns[0]) === "system" ? 1 : 0);
  const wrong = spoken.findIndex((turn, i) => speaker(turn) !== (i % 2 === 0 ? "human" : "gpt"));
  const at = spoken[wrong];
  if (at) {
    const problem = `expected ${wrong % 2 === 0 ? "human" : "gpt"} here, got ${String(at.from)}`;
    faults.push({ field: at.fromField, kind: "speakers do not alternate", problem });
  } else if (spoken.length === 0 || spoken.length % 2 === 1) {
    const field = spoken.at(-1)?.fromField ?? "(row)";
    faults.push({ field, kind: "no answer at the end", problem: "expected a gpt turn at the end" });
  }
}

type MediaCheck = FaultOptions & { format: ConversationFormat; faults: RowFault[] };

function checkMedia(row: Row, turns: readonly Spoken[], { format, exists, faults }: MediaCheck): void {
  const files: Record<"image" | "video", number> = { image: 0, video: 0 };
  for (const [field, kind] of MEDIA_KEYS) {
    const value = row[field];
    if (value === undefined || value === null) continue;
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    files[kind] += list.length;
    for (const [i, file] of list.entries()) {
      const at = Array.isArray(value) ? `${field}[${i}]` : field;
      if (typeof file !== "string" || file === "") {
        faults.push({ field: at, kind: "no file name", problem: `expected a file name, got ${nameOf(file)}` });
      } else if (exists && !exists(file)) {
        faults.push({ field: at, kind: "missing file", problem: `expected a file, got none at "${file}"` });
      }
    }
  }
  const tokens = { image: countTokens(turns, "<image>"), video: countTokens(turns, "<video>") };
  // In LLaVA's rows <image> stands for a video as well.
  const pooled = format === "llava" && files.image === 0;
  const kinds = pooled ? (["video"] as const) : (["image", "video"] as const);
  for (const kind of kinds) {
    const found = pooled ? tokens.image + tokens.video : tokens[kind];
    if (found === files[kind]) continue;
    const problem = `expected as many <${kind}> as files, got ${found} in the turns and ${files[kind]} listed`;
    faults.push({ field: format === "llava" ? kind : `${kind}s`, kind: "media count", problem });
  }
  for (const { from, value, field } of turns) {
    if (SPEAKERS[String(from)] !== "gpt" || typeof value !== "string" || !/<(?:image|video)>/.test(value)) continue;
    faults.push({ field, kind: "media in an answer", problem: "expected no <image> or <video> in a gpt turn" });
  }
}

const MEDIA_KEYS = [
  ["image", "image"],
  ["images", "image"],
  ["video", "video"],
  ["videos", "video"],
] as const;

function countTokens(turns: readonly Spoken[], token: string): number {
  return turns.reduce((sum, { from, value }) => {
    const counts = SPEAKERS[String(from)] === "human" && typeof value === "string";
    return sum + (counts ? value.split(token).length - 1 : 0);
  }, 0);
}

/** Multiple choice: the options differ, and an answer that names a letter is one of their lines. */
function checkAnswer(turns: readonly Spoken[], faults: RowFault[]): void {
  const [asked, answer] = turns.slice(-2);
  if (typeof asked?.value !== "string" || typeof answer?.value !== "string") return;
  const lines = [...asked.value.matchAll(/^\(([A-Z])\) (.+)$/gm)];
  if (lines.length < 2 || lines.some(([, letter], i) => letter?.charCodeAt(0) !== 65 + i)) return;
  if (new Set(lines.map(([, , text]) => text)).size < lines.length) {
    faults.push({
      field: asked.field,
      kind: "repeated option",
      problem: "expected different options, got the same twice",
    });
  }
  const given = answer.value.trim();
  if (/^\([A-Z]\) ./.test(given) && !lines.some(([line]) => line.trim() === given)) {
    const problem = `expected one of the ${lines.length} options, got "${given.slice(0, 60)}"`;
    faults.push({ field: answer.field, kind: "answer not among the options", problem });
  }
}

function nameOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return value === "" ? "an empty string" : `"${value.slice(0, 40)}"`;
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  return Array.isArray(value) ? `a list of ${value.length}` : "an object";
}
