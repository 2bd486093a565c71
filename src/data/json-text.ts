/**
 * JSON text inside a file: its value, or an error that says on which line of the file it goes wrong.
 */
import { DataFileError } from "./read-error.ts";

/** What to do about a bad line. */
export const ADVICE = "Fix or remove that line";

/** The value of the text, which starts on `firstLine` of the file. Throws DataFileError. */
export function parseJsonAt(path: string, text: string, firstLine: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const line = firstLine + countLineEnds(text.slice(0, faultPosition(text)));
    const plain = reason.replace(/ in JSON at position.*$|, (?:\.\.\.)?".*$/s, "");
    throw new DataFileError(path, line, `Expected JSON, but: ${plain}. ${ADVICE}.`);
  }
}

/** Where the fault is: the longest beginning that more text could still make valid. V8 does not always say. */
function faultPosition(text: string): number {
  let [valid, faulty] = [0, text.trimEnd().length + 1];
  while (faulty - valid > 1) {
    const middle = (valid + faulty) >> 1;
    if (canContinue(text.slice(0, middle))) valid = middle;
    else faulty = middle;
  }
  return valid;
}

function canContinue(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : "";
    const position = /at position (\d+)/.exec(reason)?.[1];
    return /^Unexpected end|^Unterminated string/.test(reason) || Number(position) >= text.length;
  }
}

/** How many lines the text ends. */
export function countLineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
