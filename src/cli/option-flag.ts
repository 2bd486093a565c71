/** The value of --options, which makes a question a choice. */

/** "red|green|blue" as its texts. Throws a RangeError where they are not 2 to 26 different ones. */
export function optionTexts(flag: string): string[] {
  const options = flag.split("|").map((text) => text.trim());
  const isComplete = options.length >= 2 && options.length <= 26 && options.every((text) => text !== "");
  if (isComplete && new Set(options).size === options.length) return options;
  throw new RangeError(`Expected --options to be 2 to 26 different texts like "red|green", got "${flag}".`);
}
