/**
 * What a JSON text will cost in memory, before it is parsed: a list of ten million empty lists is 30 MB of text and
 * a gigabyte of objects, while a picture of 30 MB in base64 is one string.
 */

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openBracket = 0x5b;
const openBrace = 0x7b;

/** Does the text open more than `limit` lists, objects and entries of either? Strings are skipped; faults are not looked for. */
export function hasMoreItems(json: Buffer, limit: number): boolean {
  let items = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === quote) at = endOfString(json, at);
    else if (byte === comma || byte === openBracket || byte === openBrace) items++;
    if (items > limit) return true;
  }
  return false;
}

/** Where the string that begins here ends: the first quote behind an even number of backslashes. */
function endOfString(json: Buffer, start: number): number {
  for (let at = json.indexOf(quote, start + 1); at >= 0; at = json.indexOf(quote, at + 1)) {
    let slashes = 0;
    while (json[at - 1 - slashes] === backslash) slashes++;
    if (slashes % 2 === 0) return at;
  }
  return json.length;
}
