/**
 * The printable alphabet in which byte-level BPE vocabularies are written: one Unicode character a byte.
 *
 * Printable Latin-1 bytes stand for themselves, the other 68 are moved to U+0100 and up, so that a space reads "Ġ" and a
 * newline "Ċ". Source: `bytes_to_unicode` of GPT-2 (https://github.com/openai/gpt-2/blob/master/src/encoder.py).
 */

/** 256 characters, indexed by byte value. */
export function byteAlphabet(): string[] {
  const printable = (byte: number) => (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
  let moved = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : moved++));
}

/** A text as byte-level vocabularies spell it: " red" -> "Ġred". */
export function spellBytes(text: string, alphabet: readonly string[] = byteAlphabet()): string {
  return Array.from(new TextEncoder().encode(text), (byte) => alphabet[byte]).join("");
}
