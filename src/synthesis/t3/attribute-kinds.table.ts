/**
 * Attributes that can be edited in a caption by swapping one word.
 *
 * `groups` are lists of near-synonyms: values of different groups exclude each other. Where `becomes` is given the groups
 * are ordered from low to high, and the change can be told as a direction.
 */
export type AttributeKind = Readonly<{
  /** The word of the question: "How does the {noun} of the shirt change?" */
  noun: string;
  groups: readonly (readonly string[])[];
  /** What is said of a rise and of a fall. */
  becomes?: readonly [rise: string, fall: string];
  /** Only of living beings, or only of things: "an old man" grows young in the telling, "an old house" new. */
  of?: "beings" | "things";
}>;

export const ATTRIBUTE_KINDS: Readonly<Record<string, AttributeKind>> = {
  color: {
    of: "things",
    noun: "color",
    groups: [
      ["red"],
      ["blue"],
      ["green"],
      ["yellow"],
      ["orange"],
      ["purple"],
      ["pink"],
      ["brown"],
      ["black"],
      ["white"],
      ["gray", "grey"],
    ],
  },
  size: {
    of: "things",
    noun: "size",
    groups: [
      ["small", "tiny", "little"],
      ["medium", "medium-sized"],
      ["large", "big", "huge", "giant"],
    ],
    becomes: ["becomes larger", "becomes smaller"],
  },
  length: {
    of: "things",
    noun: "length",
    groups: [["short"], ["long"]],
    becomes: ["becomes longer", "becomes shorter"],
  },
  width: { noun: "width", groups: [["narrow"], ["wide"]], becomes: ["becomes wider", "becomes narrower"] },
  brightness: {
    noun: "lighting",
    groups: [
      ["dark", "dim"],
      ["bright", "sunny"],
    ],
    becomes: ["becomes brighter", "becomes dimmer"],
  },
  number: {
    noun: "number",
    groups: [["two"], ["three"], ["four"], ["five"], ["six"], ["seven"], ["eight"], ["nine"], ["ten"]],
    becomes: ["increases", "decreases"],
  },
  speed: { noun: "speed", groups: [["slow"], ["fast", "quick"]], becomes: ["becomes faster", "becomes slower"] },
  age: { of: "beings", noun: "age", groups: [["young", "younger"], ["middle-aged"], ["old", "older", "elderly"]] },
  newness: { of: "things", noun: "age", groups: [["new"], ["old"]] },
  stature: {
    of: "beings",
    noun: "height",
    groups: [["short"], ["tall"]],
    becomes: ["becomes taller", "becomes shorter"],
  },
  mood: {
    of: "beings",
    noun: "mood",
    groups: [["happy", "smiling", "cheerful"], ["sad"], ["angry"], ["calm"], ["serious"], ["excited"]],
  },
  material: {
    of: "things",
    noun: "material",
    groups: [["wooden"], ["metal"], ["plastic"], ["leather"], ["glass"], ["stone"]],
  },
  shape: { of: "things", noun: "shape", groups: [["round"], ["square"], ["oval"], ["triangular"], ["rectangular"]] },
  pattern: { noun: "pattern", groups: [["striped"], ["plaid"], ["checkered"], ["floral"], ["plain"]] },
  position: { noun: "position", groups: [["left"], ["right"], ["central"]] },
  height: { noun: "position", groups: [["upper"], ["lower"]] },
  wetness: { noun: "condition", groups: [["wet"], ["dry"]] },
  cleanness: { noun: "condition", groups: [["clean"], ["dirty", "muddy"]] },
  filling: { of: "things", noun: "state", groups: [["full"], ["empty"]] },
  opening: { noun: "state", groups: [["open"], ["closed"]] },
  temperature: {
    of: "things",
    noun: "temperature",
    groups: [["cold"], ["hot"]],
    becomes: ["becomes warmer", "becomes colder"],
  },
};
