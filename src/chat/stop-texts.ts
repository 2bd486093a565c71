/**
 * Where an answer ends: before the first of its stop texts.
 */

/** The text before the earliest stop text; `found` says whether there was one. Empty stop texts are never found. */
export function cutAtStop(text: string, stop: readonly string[] = []): Readonly<{ text: string; found: boolean }> {
  const places = stop.flatMap((end) => (end === "" ? [] : [text.indexOf(end)])).filter((place) => place >= 0);
  return places.length === 0 ? { text, found: false } : { text: text.slice(0, Math.min(...places)), found: true };
}

/** How many characters at the end of the text may yet become a stop text. */
export function heldBack(text: string, stop: readonly string[] = []): number {
  let held = 0;
  for (const end of stop) {
    for (let length = Math.min(end.length - 1, text.length); length > held; length--) {
      if (end.startsWith(text.slice(text.length - length))) held = length;
    }
  }
  return held;
}
