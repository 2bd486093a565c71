/**
 * A model that reads the writer's prompts and answers them, well or badly as told: the tests' stand-in for a language model.
 */
import { type ChatModel, type Message, scriptedModel } from "../../chat/index.ts";

export type Manner =
  | "good"
  | "refusal"
  | "prose"
  | "wrong answer"
  | "two right"
  | "vague"
  | "repeats"
  | "cut off"
  | "bad edit";

/** A model whose manner may depend on the prompt; `prompts` records what it was asked. */
export function writingModel(manner: (prompt: string) => Manner): ChatModel & { prompts: string[] } {
  const prompts: string[] = [];
  const base = scriptedModel(["unused"], "writing");
  const generate = async (messages: readonly Message[]) => {
    const part = messages[0]?.content[0];
    const prompt = part?.type === "text" ? part.text : "";
    prompts.push(prompt);
    const how = manner(prompt);
    const text = reply(prompt, how);
    const finish = how === "cut off" ? ("length" as const) : ("stop" as const);
    return { text, finish, promptTokens: null, newTokens: null, logProbabilities: null };
  };
  return {
    ...base,
    prompts,
    fingerprint: "writing:1",
    generate,
    generateMany: (conversations) => Promise.all(conversations.map((messages) => generate(messages))),
  };
}

function reply(prompt: string, how: Manner): string {
  if (how === "refusal") return "I'm sorry, but I cannot help with that.";
  if (how === "prose") return "Here is a question: which comes first?";
  const good = prompt.startsWith("You edit") ? changed(prompt, how) : ordered(prompt, how);
  const text = `Sure!\n\`\`\`json\n${JSON.stringify(good)}\n\`\`\``;
  return how === "cut off" ? text.slice(0, 40) : text;
}

/** Captions of the made-up grammar: "A red kite stands in front of the bridge." */
function ordered(prompt: string, how: Manner) {
  const things = [...prompt.matchAll(/^\d\. (An? \S+ \S+)/gm)].map(([, thing]) => (thing as string).toLowerCase());
  const tell = (order: readonly string[]) =>
    `First ${order.slice(0, -1).join(", then ")}, and finally ${order.at(-1)}.`;
  const [first, ...rest] = things as [string, ...string[]];
  const wrong =
    rest.length > 1 ? [tell([...rest, first]), tell([rest.at(-1) as string, first])] : [tell([...rest, first])];
  const right = how === "vague" ? "The scenes follow one another" : tell(things);
  const more = how === "two right" ? [`${first} appears before ${rest[0]}`] : how === "repeats" ? [right] : [];
  const options = [...wrong, right, ...more];
  const question = "How do the scenes unfold in the video, starting from the first?";
  return { question, options, answer: how === "wrong answer" ? 0 : options.indexOf(right) };
}

function changed(prompt: string, how: Manner) {
  const caption = /^Caption: (.+)$/m.exec(prompt)?.[1] as string;
  const [, article, value, thing] = /^(An?) (\S+) (\S+)/.exec(caption) as unknown as [string, string, string, string];
  const edited = how === "bad edit" ? "Something else entirely." : caption.replace(`${article} ${value}`, "A shiny");
  const right = `from ${value} to shiny`;
  const options = ["it remains unchanged", `from shiny to ${value}`, how === "vague" ? "it becomes nicer" : right];
  if (how === "repeats") options.push(options[0] as string);
  if (how === "two right") options.push(`It changes from ${value} to shiny`);
  const answer = how === "wrong answer" ? "B" : "(C)";
  return { edited, question: `How does the look of the ${thing} change?`, options, answer };
}
