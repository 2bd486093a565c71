/**
 * Moments from what a model says of single frames: where its words fit the query, and, for a query of change, where size or
 * light really changes from frame to frame. For models that tell what they see but not when.
 */
import type { Span } from "zoetrope/core/time";
import { backgrounds, brightnesses, colours, shapes, sizes } from "zoetrope/world";

/** What zoetrope-micro is asked of every frame; its answer is "size brightness colour shape background". */
export const keywordsPrompt = "List the keywords of frame 1. ";

/** What keywords can hold; textures are not among them. */
const told = new Set<string>([...shapes, ...colours, ...sizes, ...brightnesses, ...backgrounds]);

type Change = Readonly<{ scale: readonly string[]; direction: 1 | -1 }>;
const changes: readonly Readonly<{ words: RegExp; change: Change }>[] = [
  {
    words: /\b(?:grow\w*|increas\w*|expand\w*|(?:gets?|getting|becom\w+) (?:bigger|larger))\b/,
    change: { scale: sizes, direction: 1 },
  },
  {
    words: /\b(?:shrink\w*|shrank|decreas\w*|(?:gets?|getting|becom\w+) smaller)\b/,
    change: { scale: sizes, direction: -1 },
  },
  {
    words: /\b(?:brighten\w*|lights? up|(?:gets?|getting|becom\w+) (?:brighter|lighter))\b/,
    change: { scale: brightnesses, direction: 1 },
  },
  {
    words: /\b(?:darken\w*|fad\w+|dims|dimming|(?:gets?|getting|becom\w+|goes) (?:dimmer|darker|dim|dark))\b/,
    change: { scale: brightnesses, direction: -1 },
  },
];

/** What a query asks for: words that a frame must show, and a change that its frames must go through. */
export type FrameQuery = Readonly<{ words: readonly string[]; change: Change | null }>;

/** Read a query in plain English. Words that no frame's keywords can hold are left out. */
export function readFrameQuery(query: string): FrameQuery {
  const text = query.toLowerCase();
  const change = changes.find(({ words }) => words.test(text))?.change ?? null;
  const words = text.match(/[a-z]+/g) ?? [];
  // A word of the scale that changes is no description: "becomes dim" starts out bright.
  const wanted = words.filter((word) => told.has(word) && !change?.scale.includes(word));
  return { words: [...new Set(wanted)], change };
}

/** Share of the query's words that a frame's keywords hold, 0 to 1; null where the query has none. */
export function fitOf(query: FrameQuery, keywords: string): number | null {
  if (query.words.length === 0) return null;
  const said = new Set(keywords.toLowerCase().match(/[a-z]+/g) ?? []);
  return query.words.filter((word) => said.has(word)).length / query.words.length;
}

export type ReadFrame = Readonly<{ time: number; keywords: string }>;

/**
 * Runs of neighbouring frames that fit entirely. A run begins and ends half way to the frames that do not fit, at the ends of
 * the video where there are none. With a change, runs whose scale does not go that way from first to last are left out.
 */
export function momentsOfFrames(query: FrameQuery, frames: readonly ReadFrame[], duration: number): Span[] {
  const fits = frames.map(({ keywords }) => fitOf(query, keywords) === 1);
  const spans: Span[] = [];
  for (let first = 0; first < frames.length; first++) {
    if (!fits[first]) continue;
    let past = first;
    while (fits[past]) past++;
    const run = frames.slice(first, past);
    if (query.change === null || goesThrough(run, query.change)) spans.push(between(frames, first, past, duration));
    first = past;
  }
  return spans;
}

function goesThrough(run: readonly ReadFrame[], { scale, direction }: Change): boolean {
  const levels = run.map(({ keywords }) => scale.findIndex((word) => keywords.split(" ").includes(word)));
  const seen = levels.filter((level) => level >= 0);
  const [from, to] = [seen[0], seen.at(-1)];
  return from !== undefined && to !== undefined && Math.sign(to - from) === direction;
}

function between(frames: readonly ReadFrame[], first: number, past: number, duration: number): Span {
  const middle = (i: number) => ((frames[i - 1] as ReadFrame).time + (frames[i] as ReadFrame).time) / 2;
  return {
    start: first === 0 ? 0 : middle(first),
    end: past === frames.length ? duration : middle(past),
  };
}
