/**
 * Values of flags, checked: each function gives the value or throws a RangeError that names flag, expectation and value.
 */

export function oneOf<T extends string>(flag: string, allowed: readonly T[], value: string): T {
  const match = allowed.find((each) => each === value);
  if (match === undefined) throw new RangeError(`Expected ${flag} to be one of ${allowed.join(", ")}, got "${value}".`);
  return match;
}

/** A whole number above 0. */
export function wholeNumber(flag: string, value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value))
    throw new RangeError(`Expected ${flag} to be a whole number above 0, got "${value}".`);
  return Number(value);
}

/** A whole number from 0 on. */
export function seedNumber(flag: string, value: string): number {
  if (!/^\d{1,9}$/.test(value))
    throw new RangeError(`Expected ${flag} to be a whole number from 0 on, got "${value}".`);
  return Number(value);
}

/** A number in [0, 1). */
export function share(flag: string, value: string): number {
  const number = Number(value);
  if (value.trim() === "" || !(number >= 0 && number < 1))
    throw new RangeError(`Expected ${flag} to lie in [0, 1), got "${value}".`);
  return number;
}

/** A finite number above 0. */
export function positiveNumber(flag: string, value: string): number {
  const number = Number(value);
  if (!(number > 0 && number < Infinity)) throw new RangeError(`Expected ${flag} to be above 0, got "${value}".`);
  return number;
}
