/**
 * A reader of T3 rows that knows nothing of how they were made: from the text alone it derives which options are correct.
 * The oracle of synthesise.test.ts; it shares no code with the synthesis.
 */

/** Texts of the options that are correct for this human turn (of the short answers, for paragraphs). */
export function correctAnswers(human: string): string[] {
  if (human.startsWith("Given the following paragraphs")) return answersFromParagraphs(human);
  const layout = /^([^\n]+)\n\nCaptions:\n([\s\S]+?)\nQuestion: ([^\n]+)\n((?:\([A-F]\) [^\n]+\n)+)\n([^\n]+)\n$/.exec(
    human,
  );
  if (!layout) throw new Error(`Not the T3 layout: ${human}`);
  const lines = (layout[2] as string).split("\n");
  const options = (layout[4] as string)
    .trimEnd()
    .split("\n")
    .map((line, i) => {
      const match = /^\((.)\) (.+)$/.exec(line);
      if (match?.[1] !== "ABCDEF"[i]) throw new Error(`Option ${i} is lettered wrongly: ${line}`);
      return { line, text: match?.[2] as string };
    });
  if (new Set(options.map(({ text }) => text)).size !== options.length) throw new Error(`Options repeat: ${human}`);
  const isCorrect = judge(layout[3] as string, lines);
  return options.filter(({ text }) => isCorrect(text)).map(({ line }) => line);
}

/** How many context lines a human turn has. */
export function contextLineCount(human: string): number {
  const body = /\n\nCaptions:\n([\s\S]+?)\nQuestion: /.exec(human)?.[1];
  return body === undefined ? human.split("\nContent: ").length - 1 : body.split("\n").length;
}

type Judge = (option: string) => boolean;

function judge(question: string, lines: readonly string[]): Judge {
  const place = (phrase: string) => onlyLine(lines, phrase);
  const third = (line: number) => ["begin", "middle", "end"][Math.floor((3 * line) / lines.length)];
  const ascending = (phrases: readonly string[]) => increases(phrases.map(place));
  let match = /^Arrange the images from the video according to their sequence: (.+)$/.exec(question);
  if (match) {
    const items = (match[1] as string).split(/\((\d)\) /).filter((_, i) => i > 0 && i % 2 === 0);
    return (option) =>
      increases([...option.matchAll(/\d/g)].map(([digit]) => place(items[Number(digit) - 1] as string)));
  }
  if (/^What is the correct order of images|^Arrange the following items/.test(question))
    return (option) => ascending(option.split(", "));
  if (/^How do the scenes unfold|^Which statement about the order/.test(question)) {
    return (option) => {
      const [first, rest] = option.replace(/^The /, "").split(/ appears? before the /);
      return (rest as string).split(/(?:,| and) the /).every((later) => ascending([first as string, later]));
    };
  }
  match = /shown in the (?:image in the )?(begin|middle|end) of the video\?$/.exec(question);
  if (match) return (option) => has(lines, option) && third(place(option)) === match?.[1];
  match = /^What is shown right (after|before) the (.+)\?$/.exec(question);
  if (match) {
    const neighbour = lines[place(match[2] as string) + (match[1] === "after" ? 1 : -1)] as string;
    return (option) => key(neighbour).includes(key(option));
  }
  if (/^How does the sequence of images progress/.test(question))
    return (option) => ascending(named(option, /^From the |, then to the | to the /));
  if (/^Which sentence tells how/.test(question))
    return (option) => ascending(named(option, /^First the |, then the |, and finally the /));
  match = /^When is the (.+) shown in the video\?$/.exec(question);
  if (match) {
    const at = place(match[1] as string);
    return (option) => {
      const [, side, other] = /^right (after|before) the (.+)$/.exec(option) as unknown as [string, string, string];
      return has(lines, other) && place(other) === (side === "after" ? at - 1 : at + 1);
    };
  }
  match = /^(?:What is the \S+ of the|How many) (.+?)(?: are there)? in the (begin|middle|end) of the video\?$/.exec(
    question,
  );
  if (match) {
    const [, subject, where] = match as unknown as [string, string, string];
    const line = lines.findIndex((each, i) => third(i) === where && has([each], subject));
    return (option) => has([lines[line] as string], option);
  }
  match = /^In which part of the video can we see the (.+)\?$/.exec(question);
  if (match) return (option) => option === `the ${third(place(match?.[1] as string))}`;
  match = /^Where in the video can we observe the (.+) (?:is|are) (\S+)\?$/.exec(question);
  if (match) {
    const [, subject, value] = match as unknown as [string, string, string];
    const holding = lines.flatMap((line, i) => (has([line], subject) && has([line], value) ? [i] : []));
    if (holding.length !== 1) throw new Error(`${holding.length} lines say ${subject} ${value}`);
    return (option) => option === `the ${third(holding[0] as number)}`;
  }
  match =
    /^How does the \S+ of (?:the )?(.+) change\?$/.exec(question) ??
    /^What transformation occurs to the \S+ of (?:the )?(.+) in the video\?$/.exec(question);
  if (match) return changeJudge(lines.filter((line) => has([line], match?.[1] as string)));
  if (/^How does the lighting condition change in the scene/.test(question)) {
    return changeJudge(lines.filter((line) => / (?:dark|dim|bright|sunny) /.test(key(line))));
  }
  if (/^Which of these is mentioned/.test(question)) return (option) => has(lines, option);
  match = /^What is the \S+ of the (.+)\?$|^How many (.+) are there\?$/.exec(question);
  if (match) {
    const line = lines[place((match[1] ?? match[2]) as string)] as string;
    return (option) => has([line], option);
  }
  throw new Error(`Unknown question: ${question}`);
}

const SCALES = [
  ["small tiny little", "medium medium-sized", "large big huge giant"],
  ["short", "long"],
  ["short", "tall"],
  ["narrow", "wide"],
  ["dark dim", "bright sunny"],
  ["slow", "fast quick"],
  ["cold", "hot"],
  ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
].map((scale) => scale.map((group) => group.split(" ")));
const RISES = /becomes (?:larger|longer|taller|wider|brighter|faster|warmer)|increases/;

/** The two lines must differ in one word, an article before it aside. */
function changeJudge(versions: readonly string[]): Judge {
  if (versions.length !== 2) throw new Error(`Expected two versions, got ${versions.length}: ${versions.join(" | ")}`);
  if (versions[0] === versions[1]) return (option) => option === "it remains unchanged";
  const [before, after] = versions.map((line) => line.toLowerCase().split(/[^\p{L}\p{N}'’-]+/u)) as [
    string[],
    string[],
  ];
  if (before.length !== after.length) throw new Error(`Versions differ in length: ${versions.join(" | ")}`);
  const changes = before.flatMap((word, i) => (word === after[i] ? [] : [[word, after[i] as string] as const]));
  const words = changes.filter(([a, b]) => !(/^an?$/.test(a) && /^an?$/.test(b)));
  if (words.length !== 1 || changes.length > 2)
    throw new Error(`Versions differ in ${words.length} words: ${versions.join(" | ")}`);
  const [from, to] = words[0] as readonly [string, string];
  return (option) => {
    if (option === "it remains unchanged") return false;
    if (option.startsWith("from ")) return option === `from ${from} to ${to}`;
    const scale = SCALES.find((groups) => groups.flat().includes(from) && groups.flat().includes(to));
    if (!scale) throw new Error(`No scale holds ${from} and ${to}`);
    const level = (word: string) => scale.findIndex((group) => group.includes(word));
    return RISES.test(option) === level(from) < level(to);
  };
}

function answersFromParagraphs(human: string): string[] {
  const blocks = [...human.matchAll(/Title: (.+)\nContent: (.+)\n\n/g)].map(
    ([, title, content]) => ({ title, content }) as { title: string; content: string },
  );
  const question = /\n\nQuestion: (.+)\n$/.exec(human)?.[1] as string;
  const contents = blocks.map(({ content }) => content);
  const titled = /^What is the title of the paragraph that mentions the (.+)\?$/.exec(question);
  if (titled) return [blocks[onlyLine(contents, titled[1] as string)]?.title as string];
  const asked = /^What is the \S+ of the (.+)\?$|^How many (.+) are there\?$/.exec(question);
  const line = contents[onlyLine(contents, (asked?.[1] ?? asked?.[2]) as string)] as string;
  // Free text: every word of the line could be meant; the test checks that the answer is among those before the subject.
  return key(line)
    .slice(0, key(line).indexOf(key((asked?.[1] ?? asked?.[2]) as string)))
    .trim()
    .split(" ");
}

function key(text: string): string {
  return ` ${text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}'’-]+/gu, " ")
    .trim()} `;
}

function has(lines: readonly string[], phrase: string): boolean {
  return lines.some((line) => key(line).includes(key(phrase)));
}

function onlyLine(lines: readonly string[], phrase: string): number {
  const found = lines.flatMap((line, i) => (key(line).includes(key(phrase)) ? [i] : []));
  if (found.length !== 1) throw new Error(`"${phrase}" stands in ${found.length} lines of: ${lines.join(" | ")}`);
  return found[0] as number;
}

function increases(places: readonly number[]): boolean {
  return places.every((place, i) => i === 0 || (places[i - 1] as number) < place);
}

/** What stands between the joints of a sentence. */
function named(option: string, joints: RegExp): string[] {
  return option.split(joints).filter((part) => part !== "");
}
