/** Option letters and lines as T3 and TempCompass print them: (A) text. */
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** The letter of an option: 0 -> "A". */
export function optionLetter(index: number): string {
  const letter = LETTERS[index];
  if (letter === undefined) throw new RangeError(`Expected an option index from 0 to 25, got ${index}.`);
  return letter;
}

/** The line of an option: (2, "a cat") -> "(C) a cat". */
export function optionLine(index: number, text: string): string {
  return `(${optionLetter(index)}) ${text}`;
}
