/** Oracle: the meaning of the replies, and the defects of the reference parser listed with their causes. */
import { expect, test } from "vitest";
import { parseChoice } from "./choice.ts";
import { optionLetter, optionLine } from "./option.ts";

const animals = ["a person", "a cat", "a flower"];
const six = [
  "cat, person, flower",
  "cat, flower, person",
  "person, cat, flower",
  "person, flower, cat",
  "flower, person, cat",
  "flower, cat, person",
];
const read = (reply: string, options: readonly string[] = animals) => {
  const choice = parseChoice(reply, options);
  return choice.kind === "choice" ? choice.index : choice.kind;
};

test("every usual way to name an option is understood, for every option", () => {
  for (const options of [
    animals,
    six,
    ["(1)(2)(3)", "(2)(1)(3)"],
    ["it becomes brighter", "it remains unchanged", "it becomes dimmer"],
  ]) {
    options.forEach((text, i) => {
      const letter = optionLetter(i);
      const replies = [
        optionLine(i, text),
        letter,
        `${letter}.`,
        `(${letter})`,
        `${letter.toLowerCase()})`,
        `${letter}) ${text}.`,
        text,
        `${text}.`,
      ];
      const framed = [
        `The answer is (${letter}).`,
        `Answer: ${letter}`,
        `The best option is: ${optionLine(i, text)}`,
        `**${letter}**`,
        `${letter}</s>`,
      ];
      for (const reply of [...replies, ...framed, ` ${text.toUpperCase()} \n`])
        expect(read(reply, options), reply).toBe(i);
    });
  }
});

test("the glued prefixes, the missing E and F, and the first capital anywhere do not mislead (reference defects a to c)", () => {
  expect(read("The correct option is (B)")).toBe(1);
  expect(read("The answer is (E)", six)).toBe(4);
  expect(read("Answer: B")).toBe(1);
  expect(read("The flower Blooms", ["Bloom", "Unbloom"])).toBe("unparsed");
  expect(read("A flower")).toBe(2);
  expect(read("A dog is shown")).toBe("unparsed");
});

test("an option inside a longer option does not compete with it", () => {
  expect(read("I see a black shirt there", ["shirt", "black shirt"])).toBe(1);
});

test("what is no single choice says why", () => {
  const reasons = [
    "",
    "(A) or (B)",
    "(D)",
    "(A) a cat",
    "It is not a cat",
    "a cat and a flower",
    "I do not know",
    "dog",
  ].map((reply) => {
    const choice = parseChoice(reply, animals);
    expect(choice, reply).toMatchObject({ kind: "unparsed", text: reply });
    return choice.kind === "unparsed" ? choice.reason : "";
  });
  expect(new Set(reasons.filter((reason) => reason !== "")).size).toBeGreaterThanOrEqual(5);
  expect(reasons).not.toContain("");
});
