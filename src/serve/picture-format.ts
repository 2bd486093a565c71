/**
 * Which kind of picture bytes are, by their first few. What is none of these never reaches a decoder: libvips would also read
 * SVG, PDF and other formats that are programs rather than pictures.
 */
export type PictureFormat = "png" | "jpeg" | "webp" | "gif" | "avif" | "tiff";

export function pictureFormat(bytes: Uint8Array): PictureFormat | null {
  const head = Buffer.from(bytes.subarray(0, 32)).toString("latin1");
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (head.startsWith("\xff\xd8\xff")) return "jpeg";
  if (head.startsWith("RIFF") && head.slice(8, 12) === "WEBP") return "webp";
  if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) return "gif";
  if (head.slice(4, 8) === "ftyp" && /^(?:avif|avis|mif1)/.test(head.slice(8))) return "avif";
  if (head.startsWith("II*\0") || head.startsWith("MM\0*")) return "tiff";
  return null;
}
