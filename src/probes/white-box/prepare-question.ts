/**
 * A question about a video as the white box takes it: prompts whose positions are grouped into frames, question, options and
 * the end, and the tokens that tell the options apart.
 */
import { type PromptReader, promptLayout, type TextPiece, userMessage, type VideoPart } from "../../chat/index.ts";
import { optionLine } from "../../core/text/index.ts";
import type { GroupedPrompt, Prompt } from "../../nn/models/index.ts";
import { answerReading } from "./option-tokens.ts";

export type LookQuestion = Readonly<{
  id: string;
  /** Questions about one video are one cluster of every interval. */
  video: string;
  shown: VideoPart;
  /** The whole text of the turn; options stand in it as "(A) ...". */
  text: string;
  /** Without letters; empty where the answer is free. */
  options: readonly string[];
  /** Which option is right; or the answer whose probability is followed, where there are no options. */
  answer: number | string;
}>;

export const groupKinds = ["template", "frame", "question", "option", "ending", "last"] as const;
export type GroupKind = (typeof groupKinds)[number];

/** Positions that belong together. `seconds` are the times of a frame, `option` is an option's index. */
export type PositionGroup = Readonly<{
  kind: GroupKind;
  name: string;
  seconds: readonly number[];
  option: number | null;
  positions: readonly number[];
}>;

export type PreparedQuestion = Readonly<{
  question: LookQuestion;
  /** What is scored: "(A) red", or the one free answer. */
  answers: readonly string[];
  /** Index of the answer that is right. */
  right: number;
  /** One run each; the answers' probabilities are sums over their targets. */
  contexts: readonly GroupedPrompt[];
  /** Groups of each context, as positions of it. */
  groups: readonly (readonly PositionGroup[])[];
  targets: readonly (readonly Readonly<{ context: number; target: number }>[])[];
  /** The prompt up to where the answers part: for looking, not for scoring. */
  view: GroupedPrompt;
  viewGroups: readonly PositionGroup[];
  /** The rows of pictures of each frame in it. */
  frameRows: readonly (readonly number[])[];
}>;

/** Throws an Error where an option does not stand in the text. */
export async function prepareQuestion(
  reader: PromptReader,
  question: LookQuestion,
  signal?: AbortSignal,
): Promise<PreparedQuestion> {
  const { shown, text, options, answer } = question;
  const messages = [userMessage(text, shown)];
  const pieces = piecesOf(text, options);
  const layout = promptLayout(reader, shown, pieces);
  const isFree = typeof answer === "string";
  const answers = isFree ? [answer] : options.map((option, i) => optionLine(i, option));
  const reading = answerReading(reader.continuations(messages, answers));
  const longest = Math.max(...reading.contexts.map(({ length }) => length), reading.common.length);
  const [prompt] = (await reader.read([messages], { maxNewTokens: longest + 1, ...(signal && { signal }) })) as [
    Prompt,
  ];
  const partition = groupsOf(layout, pieces, shown);
  const grouped = (more: readonly number[], targets: GroupedPrompt["targets"]) => {
    const groups = partition(more.length);
    const groupOf = new Array<number>(layout.length + more.length);
    groups.forEach(({ positions }, group) => {
      for (const position of positions) groupOf[position] = group;
    });
    const asked = { prompt: { ...prompt, ids: [...prompt.ids, ...more] }, groupOf, groups: groups.length, targets };
    return { asked, groups };
  };
  const start = layout.length - 1;
  const places = reading.contexts.map((_, context) => [
    ...new Map(
      reading.options
        .flat()
        .filter((each) => each.context === context)
        .map(({ depth, id }) => [`${depth}/${id}`, { position: start + depth, id }]),
    ).values(),
  ]);
  const contexts = reading.contexts.map((ids, c) => grouped(ids, places[c] ?? []));
  const parting = reading.common.length;
  const view = grouped(
    reading.common,
    reader.continuations(messages, answers).map((ids) => ({ position: start + parting, id: ids[parting] as number })),
  );
  return {
    ...{ question, answers, right: isFree ? 0 : answer },
    contexts: contexts.map(({ asked }) => asked),
    groups: contexts.map(({ groups }) => groups),
    targets: reading.options.map((tokens) =>
      tokens.map(({ context, depth, id }) => ({
        context,
        target: (places[context] ?? []).findIndex((each) => each.position === start + depth && each.id === id),
      })),
    ),
    ...{ view: view.asked, viewGroups: view.groups, frameRows: layout.frames.map(({ rows }) => rows) },
  };
}

/** The text cut before and behind each option's line. */
function piecesOf(text: string, options: readonly string[]): TextPiece[] {
  const pieces: TextPiece[] = [];
  let from = 0;
  options.forEach((option, i) => {
    const line = optionLine(i, option);
    const at = text.indexOf(line, from);
    if (at < 0)
      throw new Error(`Expected option "${line}" in the question "${text}". Write every option as "(A) ...".`);
    pieces.push({ kind: "question", text: text.slice(from, at) }, { kind: "option", text: line });
    from = at + line.length;
  });
  pieces.push({ kind: "question", text: text.slice(from) });
  return pieces.filter((piece) => piece.text !== "");
}

/** Groups of the prompt with so many ids of the answer behind it: a partition, the last position by itself at the end. */
function groupsOf(
  { length, frames, edges }: ReturnType<typeof promptLayout>,
  pieces: readonly TextPiece[],
  { duration }: VideoPart,
): (more: number) => PositionGroup[] {
  const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
  const textEnd = Math.min(edges.at(-1) as number, length - 1);
  const framesEnd = frames.at(-1)?.end ?? edges[0] ?? 0;
  const inOptions: number[][] = [];
  const inQuestion = range(framesEnd, Math.min(edges[0] ?? 0, textEnd));
  pieces.forEach(({ kind }, i) => {
    const positions = range(Math.max(edges[i] as number, framesEnd), Math.min(edges[i + 1] as number, textEnd));
    if (kind === "option") inOptions.push(positions);
    else inQuestion.push(...positions);
  });
  const group = (kind: GroupKind, name: string, positions: readonly number[], more: Partial<PositionGroup> = {}) => ({
    ...{ kind, name, positions, seconds: [], option: null },
    ...more,
  });
  const digits = (duration ?? 0) > 100 ? 0 : 1;
  const begin = [
    group("template", "beginning", range(0, frames[0]?.start ?? framesEnd)),
    ...frames.map(({ start, end, seconds }) =>
      group("frame", `${(seconds[0] ?? 0).toFixed(digits)} s`, range(start, end), { seconds }),
    ),
    group("question", "question", inQuestion),
    ...inOptions.map((positions, i) =>
      group("option", `option ${"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[i]}`, positions, { option: i }),
    ),
  ];
  return (more) => {
    const end = length + more;
    return [...begin, group("ending", "ending", range(textEnd, end - 1)), group("last", "last", [end - 1])].filter(
      ({ positions }) => positions.length > 0,
    );
  };
}
