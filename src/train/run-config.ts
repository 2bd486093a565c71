/**
 * What a run depends on, as a flat record of JSON values, so that a resumed run can be checked against the first.
 */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type JsonRecord = { readonly [key: string]: JsonValue };

/** The fields in which two records differ, nested ones with dots: "optimizer.peak is 0.002, was 0.001". */
export function configDifferences(now: JsonRecord, before: JsonRecord): string[] {
  const [a, b] = [flatten(now), flatten(before)];
  const names = [...new Set([...a.keys(), ...b.keys()])];
  return names.flatMap((name) => {
    const [is, was] = [a.get(name) ?? "absent", b.get(name) ?? "absent"];
    return is === was ? [] : [`${name} is ${is}, was ${was}`];
  });
}

/** Throws when the records differ; `where` says whose the earlier one is, `remedy` what to do. */
export function requireSameConfig(now: JsonRecord, before: JsonRecord, where: string, remedy: string): void {
  const differences = configDifferences(now, before);
  if (differences.length === 0) return;
  const more = differences.length > 3 ? `, and ${differences.length - 3} more` : "";
  throw new Error(
    `Expected the configuration of ${where}, but ${differences.slice(0, 3).join("; ")}${more}. ${remedy}`,
  );
}

function flatten(value: JsonValue, prefix = ""): Map<string, string> {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    return new Map([[prefix, JSON.stringify(value)]]);
  }
  const entries = Object.entries(value as JsonRecord);
  return new Map(entries.flatMap(([key, inner]) => [...flatten(inner, prefix === "" ? key : `${prefix}.${key}`)]));
}
