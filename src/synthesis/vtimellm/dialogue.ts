/**
 * Stage 3: dialogues about a video's events. The paper has them written by a language model that sees the events with
 * symbols for their times; without a model they come from templates of ours.
 *
 * No number is ever shown to the writer, so that none can be made up: every time in a dialogue is a symbol of an event.
 */
import type { Rng } from "../../core/math/index.ts";
import { denseCaptioningAnswer, denseCaptioningQuery, vtimellmQuery } from "../../tasks/index.ts";
import { type EventList, eventSentence, eventWithin } from "./events.ts";
import type { VtimellmRow, VtimellmTurn } from "./row.ts";
import { gpt, human, metaOf, withVideo } from "./stages.ts";

/** Words of ours after the description of Box 4: role, temporal questions, symbols, answerable and short, an example. */
export function dialoguePrompt({ events }: Pick<EventList, "events">): string {
  const listed = events.map(({ label }, i) => `from <s${i}> to <e${i}>: ${eventSentence(label)}`).join("\n");
  return `You are an AI visual assistant that watches one video. The events of the video are listed below in order; the symbols <s0>, <e0>, <s1>, <e1>, ... stand for the times at which they begin and end.
Write a dialogue between a person who asks about the video and you. Answer as if you saw the video, never mention the list.
- Ask about what happens, and about when: include questions about time, such as what happens before, during or after an event.
- Write times only with the symbols, for example "from <s1> to <e1>". Never write numbers for times.
- Ask only what the events answer with certainty. Keep answers short and to the point.
===example start===
Events:
from <s0> to <e0>: Two children sit down at a table.
from <s1> to <e1>: They play rock-paper-scissors.
from <s2> to <e2>: The girl wins and raises her arms.
Dialogue:
User: What are the two children doing at the table?
Assistant: They sit down and play rock-paper-scissors from <s1> to <e1>.
User: When does the girl raise her arms?
Assistant: She wins and raises her arms from <s2> to <e2>.
===example end===
Events:
${listed}
Dialogue:
`;
}

/** Turns of a written dialogue, or what is wrong with it. */
export function readDialogue(
  text: string,
  { events }: Pick<EventList, "events">,
): { turns: VtimellmTurn[] } | { problem: string } {
  const said = [
    ...text.matchAll(
      /^\s*(user|human|person|assistant|ai)\s*:\s*([\s\S]*?)(?=^\s*(?:user|human|person|assistant|ai)\s*:|(?![\s\S]))/gim,
    ),
  ];
  const turns = said.map(([, speaker, value]): VtimellmTurn => {
    const spoken = (value as string).replace(/={3}.*$/s, "").trim();
    return /^(?:assistant|ai)$/i.test(speaker as string) ? gpt(spoken) : human(spoken);
  });
  if (turns.length < 2 || turns.length % 2 !== 0) return { problem: "no whole pairs of question and answer" };
  if (turns.some(({ from }, i) => from !== (i % 2 === 0 ? "human" : "gpt")))
    return { problem: "turns that do not alternate" };
  if (turns.some(({ value }) => value === "")) return { problem: "an empty turn" };
  const tokens = turns.flatMap(({ value }) => value.match(/<[^<>\s]*>/g) ?? []);
  if (tokens.length === 0) return { problem: "no time symbol" };
  const known = new Set(events.flatMap((_, i) => [`<s${i}>`, `<e${i}>`]));
  if (tokens.some((token) => !known.has(token))) return { problem: "a symbol of no event" };
  return { turns };
}

/** A stage-3 row of a dialogue's turns. */
export function dialogueRow(list: EventList, turns: readonly VtimellmTurn[], source?: string): VtimellmRow {
  return {
    ...(source !== undefined && { source }),
    id: list.video,
    conversations: withVideo(turns),
    meta: metaOf(list),
  };
}

/**
 * A dialogue out of templates: a few of the evaluation's own queries (all events as JSON, when an event can be seen) and
 * questions about what comes before, after, first and last.
 */
export function templateDialogue({ events }: Pick<EventList, "events">, rng: Rng, { turns = 4 } = {}): VtimellmTurn[] {
  const words = events.map(({ label }) => eventWithin(label));
  /** Said of one event alone: else "when" and "after" have more than one answer. */
  const isUnique = (i: number) => words.indexOf(words[i] as string) === words.lastIndexOf(words[i] as string);
  const follows = (i: number) => (events[i] as Events[number]).end <= (events[i + 1]?.start ?? -Infinity) + 0.1;
  const places = events.map((_, i) => i);
  const askable: (() => VtimellmTurn[])[] = [
    () => denseTurns(events),
    ...places.filter(isUnique).map((i) => () => groundingTurns(events, i)),
    ...places.map((i) => () => tellingTurns(events, i, rng)),
    ...places
      .filter((i) => follows(i) && isUnique(i))
      .map((i) => () => orderTurns(events, { known: i, asked: i + 1, word: "after" })),
    ...places
      .filter((i) => follows(i) && isUnique(i + 1))
      .map((i) => () => orderTurns(events, { known: i + 1, asked: i, word: "before" })),
  ];
  if (events.length > 1 && follows(0)) askable.push(() => edgeTurns(events, 0, "first"));
  if (events.length > 1 && follows(events.length - 2)) askable.push(() => edgeTurns(events, events.length - 1, "last"));
  return rng
    .shuffle(askable)
    .slice(0, turns)
    .flatMap((ask) => ask());
}

type Events = EventList["events"];

function labelOf(events: Events, i: number): string {
  return (events[i] as Events[number]).label;
}

function denseTurns(events: Events): VtimellmTurn[] {
  const rows = events.map(({ label }, i) => ({ event: eventSentence(label), from: `<s${i}>`, to: `<e${i}>` }));
  return [human(denseCaptioningQuery), gpt(denseCaptioningAnswer(rows))];
}

function groundingTurns(events: Events, i: number): VtimellmTurn[] {
  return [
    human(`During which frames can we see ${vtimellmQuery(labelOf(events, i))}?`),
    gpt(`From <s${i}> to <e${i}>.`),
  ];
}

function tellingTurns(events: Events, i: number, rng: Rng): VtimellmTurn[] {
  const question = rng.pick(["What happens", "What can we see", "What is going on"]);
  return [human(`${question} from <s${i}> to <e${i}>?`), gpt(eventSentence(labelOf(events, i)))];
}

function orderTurns(
  events: Events,
  { known, asked, word }: { known: number; asked: number; word: string },
): VtimellmTurn[] {
  return [
    human(`What happens right ${word} ${eventWithin(labelOf(events, known))}?`),
    gpt(`From <s${asked}> to <e${asked}>, ${eventWithin(labelOf(events, asked))}.`),
  ];
}

function edgeTurns(events: Events, i: number, word: string): VtimellmTurn[] {
  return [
    human(`What is the ${word} thing that happens in the video, and when?`),
    gpt(`From <s${i}> to <e${i}>, ${eventWithin(labelOf(events, i))}.`),
  ];
}
