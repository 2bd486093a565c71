import { expect, test } from "vitest";
import { alternativesTo, directionOf, factsByRule, replaceAttribute } from "./facts.ts";

const attributes = (text: string) => factsByRule({ id: "", text, source: "" }).attributes;

test("modifiers and numbers before a noun are attributes of it", () => {
  expect(attributes("Two men hold a long red rope.")).toEqual([
    { kind: "number", value: "two", subject: "men" },
    { kind: "length", value: "long", subject: "red rope" },
    { kind: "color", value: "red", subject: "rope" },
  ]);
});

test("beings and things have different attributes: old men were young, old houses new", () => {
  expect(attributes("An old man sits by an old house.")).toEqual([]);
  expect(attributes("An old man sits.")).toMatchObject([{ kind: "age" }]);
  expect(attributes("A white dog sits by an old house.")).toMatchObject([{ kind: "newness", subject: "house" }]);
});

test("an attribute word or a subject that stands twice is left alone", () => {
  expect(attributes("A red car passes a red house.")).toEqual([]);
  expect(attributes("A red car passes a blue car.")).toEqual([]);
});

test("one word is replaced, with its article and its capital", () => {
  expect(replaceAttribute("A red car.", "red", "orange")).toBe("An orange car.");
  expect(replaceAttribute("He has an orange car.", "orange", "red")).toBe("He has a red car.");
  expect(replaceAttribute("Two cars.", "two", "three")).toBe("Three cars.");
  expect(replaceAttribute("A redder car.", "red", "blue")).toBeUndefined();
  expect(replaceAttribute("Red on red.", "red", "blue")).toBeUndefined();
});

test("near-synonyms are no alternatives, and scales have a direction", () => {
  expect(alternativesTo({ kind: "color", value: "grey", subject: "cat" })).not.toContain("gray");
  expect(alternativesTo({ kind: "size", value: "big", subject: "cat" })).toEqual(["small", "medium"]);
  expect(directionOf("size", "tiny", "huge")).toBe(1);
  expect(directionOf("number", "five", "two")).toBe(-1);
  expect(directionOf("color", "red", "blue")).toBeUndefined();
});
