/** A small tag parser, as an oracle for pages. */
import { expect } from "vitest";

const voids = new Set(["br", "meta", "link", "img", "!doctype"]);

/** Throws where a tag closes what is not open, or something stays open; gives the names of all elements. */
export function parseTags(page: string): string[] {
  const open: string[] = [];
  const names: string[] = [];
  const withoutStyle = page.replace(/<style>[^<]*<\/style>/, "<style></style>");
  for (const [, slash, tag, rest] of withoutStyle.matchAll(/<(\/?)([!\w]+)((?:[^>"]|"[^"]*")*)>/g)) {
    const name = tag as string;
    if (slash) expect(open.pop()).toBe(name);
    else {
      names.push(name);
      if (!voids.has(name) && !rest?.endsWith("/")) open.push(name);
    }
  }
  expect(open).toEqual([]);
  expect(withoutStyle.replace(/<(\/?)([!\w]+)((?:[^>"]|"[^"]*")*)>/g, "")).not.toMatch(/[<>]/);
  return names;
}
