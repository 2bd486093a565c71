/** What is wrong with a file, gathered: what, how many, and the first few by name. */
export type Problem = Readonly<{ what: string; count: number; names: readonly string[] }>;

/** A problem over names; nothing where there is none. */
export function problem(what: string, names: readonly string[]): Problem[] {
  return names.length === 0 ? [] : [{ what, count: names.length, names: names.slice(0, namesShown) }];
}

const namesShown = 20;
