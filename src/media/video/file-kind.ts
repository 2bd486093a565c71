/** What a file that is no known container looks like, from its first bytes: for error messages. */

export const unknownKind = "data of no known kind";

/** How many bytes kindOfBytes looks at. */
export const headBytes = 4096;

/** "an AVI file", "a text file", ...; unknownKind where nothing is recognised. */
export function kindOfBytes(head: Uint8Array): string {
  const ascii = new TextDecoder("latin1").decode(head);
  if (ascii.startsWith("RIFF") && ascii.slice(8, 11) === "AVI") return "an AVI file";
  if (ascii.startsWith("FLV")) return "a Flash video";
  if (hasPrefix(head, [0x30, 0x26, 0xb2, 0x75])) return "a Windows Media file";
  if (ascii.startsWith("GIF8")) return "a GIF picture";
  if (hasPrefix(head, [0x89, 0x50, 0x4e, 0x47]) || hasPrefix(head, [0xff, 0xd8, 0xff])) return "a still picture";
  const isText = !head.some((byte) => byte < 9 || (byte > 13 && byte < 32));
  return isText ? "a text file" : unknownKind;
}

function hasPrefix(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, i) => bytes[i] === byte);
}
