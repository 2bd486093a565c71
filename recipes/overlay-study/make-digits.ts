/**
 * Makes src/media/overlay/digits.table.ts out of a TrueType font file, so that nobody needs the font to draw numbers:
 *
 *   node --import tsx recipes/overlay-study/make-digits.ts /usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf
 *
 * Reads the outlines as they are (tables head, hhea, hmtx, cmap format 4, loca, glyf); hinting programs are left out.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { packageFolder, writeAtomically } from "../../src/core/files/index.ts";

/** Digits, and what clocks need. */
const characters = "0123456789:-.";

type Point = Readonly<{ x: number; y: number; isOn: boolean }>;

/** What digits.table.ts holds. */
export type Digits = Readonly<{
  unitsPerEm: number;
  ascender: number;
  descender: number;
  glyphs: Readonly<Record<string, Readonly<{ advance: number; path: string }>>>;
}>;

/** The outlines in a font file's bytes. Throws an Error where a character has no simple outline. */
export function readDigits(bytes: Uint8Array): Digits {
  const font = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = new Map<string, number>();
  for (let i = 0; i < font.getUint16(4); i++) {
    const at = 12 + 16 * i;
    tables.set(Buffer.from(bytes.subarray(at, at + 4)).toString("latin1"), font.getUint32(at + 8));
  }
  const table = (name: string): number => {
    const at = tables.get(name);
    if (at === undefined) throw new Error(`Expected a TrueType font with a table "${name}", got none.`);
    return at;
  };
  const unitsPerEm = font.getUint16(table("head") + 18);
  const [ascender, descender] = [font.getInt16(table("hhea") + 4), font.getInt16(table("hhea") + 6)];
  const glyphs = [...characters].map((character) => {
    const glyph = glyphIndex(font, table("cmap"), character);
    const metrics = font.getUint16(table("hhea") + 34);
    const advance = font.getUint16(table("hmtx") + 4 * Math.min(glyph, metrics - 1));
    const isLong = font.getInt16(table("head") + 50) === 1;
    const loca = table("loca") + glyph * (isLong ? 4 : 2);
    const at = table("glyf") + (isLong ? font.getUint32(loca) : 2 * font.getUint16(loca));
    return [character, { advance, path: contoursOf(font, at, character).map(pathOf).join("") }] as const;
  });
  return { unitsPerEm, ascender, descender, glyphs: Object.fromEntries(glyphs) };
}

function tableText({ unitsPerEm, ascender, descender, glyphs }: Digits): string {
  const lines = [...characters].map((character) => `  "${character}": ${JSON.stringify(glyphs[character])},`);
  return `${header}
export const unitsPerEm = ${unitsPerEm};
export const ascender = ${ascender};
export const descender = ${descender};

/** Advance widths and closed outlines, in units of the em, y upwards: M start, L line, Q quadratic curve. */
export const glyphs: Readonly<Record<string, Readonly<{ advance: number; path: string }>>> = {
${lines.join("\n")}
};
`;
}

const header = `/**
 * Outlines of DejaVu Sans Bold's digits and clock signs, made by recipes/overlay-study/make-digits.ts.
 *
 * DejaVu fonts: Copyright (c) 2003 by Bitstream, Inc. All Rights Reserved. Bitstream Vera is a trademark of Bitstream, Inc.
 * DejaVu changes are in the public domain. Permission is hereby granted, free of charge, to any person obtaining a copy of
 * the fonts accompanying this license ("Fonts") and associated documentation files (the "Font Software"), to reproduce and
 * distribute the Font Software, including without limitation the rights to use, copy, merge, publish, distribute, and/or
 * sell copies of the Font Software, and to permit persons to whom the Font Software is furnished to do so, subject to the
 * following conditions: The above copyright and trademark notices and this permission notice shall be included in all
 * copies of one or more of the Font Software typefaces. The Font Software may be modified, altered, or added to, and in
 * particular the designs of glyphs or characters in the Fonts may be modified and additional glyphs or characters may be
 * added to the Fonts, only if the fonts are renamed to names not containing either the words "Bitstream" or the word "Vera".
 * The Font Software may be sold as part of a larger software package but no copy of one or more of the Font Software
 * typefaces may be sold by itself. THE FONT SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED,
 * INCLUDING BUT NOT LIMITED TO ANY WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT OF
 * COPYRIGHT, PATENT, TRADEMARK, OR OTHER RIGHT. IN NO EVENT SHALL BITSTREAM OR THE GNOME FOUNDATION BE LIABLE FOR ANY CLAIM,
 * DAMAGES OR OTHER LIABILITY, INCLUDING ANY GENERAL, SPECIAL, INDIRECT, INCIDENTAL, OR CONSEQUENTIAL DAMAGES, WHETHER IN AN
 * ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF THE USE OR INABILITY TO USE THE FONT SOFTWARE OR FROM OTHER
 * DEALINGS IN THE FONT SOFTWARE.
 */`;

/** Character code -> glyph, through the Unicode subtable of format 4. */
function glyphIndex(font: DataView, cmap: number, character: string): number {
  const code = character.charCodeAt(0);
  for (let i = 0; i < font.getUint16(cmap + 2); i++) {
    const subtable = cmap + font.getUint32(cmap + 4 + 8 * i + 4);
    if (font.getUint16(subtable) !== 4) continue;
    const segments = font.getUint16(subtable + 6) / 2;
    for (let s = 0; s < segments; s++) {
      const end = subtable + 14 + 2 * s;
      const start = end + 2 * segments + 2;
      if (code < font.getUint16(start) || code > font.getUint16(end)) continue;
      const delta = font.getUint16(start + 2 * segments);
      const place = start + 4 * segments;
      const offset = font.getUint16(place);
      const mapped = offset === 0 ? code : font.getUint16(place + offset + 2 * (code - font.getUint16(start)));
      return (mapped + delta) & 0xffff;
    }
  }
  throw new Error(`Expected a glyph for "${character}" in the font, got none.`);
}

/** The points of a simple glyph's contours. */
function contoursOf(font: DataView, at: number, character: string): Point[][] {
  const count = font.getInt16(at);
  if (count < 0) throw new Error(`Expected a simple outline of "${character}", got a composite one.`);
  const ends = Array.from({ length: count }, (_, i) => font.getUint16(at + 10 + 2 * i));
  const total = (ends.at(-1) ?? -1) + 1;
  let cursor = at + 10 + 2 * count;
  cursor += 2 + font.getUint16(cursor);
  const flags: number[] = [];
  while (flags.length < total) {
    const flag = font.getUint8(cursor++);
    const repeats = flag & 8 ? font.getUint8(cursor++) : 0;
    for (let i = 0; i <= repeats; i++) flags.push(flag);
  }
  const coordinates = (short: number, same: number): number[] => {
    let value = 0;
    return flags.map((flag) => {
      if (flag & short) value += flag & same ? font.getUint8(cursor++) : -font.getUint8(cursor++);
      else if (!(flag & same)) {
        value += font.getInt16(cursor);
        cursor += 2;
      }
      return value;
    });
  };
  const [xs, ys] = [coordinates(2, 16), coordinates(4, 32)];
  const points = flags.map((flag, i) => ({ x: xs[i] as number, y: ys[i] as number, isOn: (flag & 1) === 1 }));
  return ends.map((end, i) => points.slice(i === 0 ? 0 : (ends[i - 1] as number) + 1, end + 1));
}

/** A contour as path text; between two off-curve points lies an implied one on the curve. */
function pathOf(contour: readonly Point[]): string {
  const first = contour.findIndex(({ isOn }) => isOn);
  if (first < 0) throw new Error("Expected a contour with a point on the curve, got none.");
  const points = [...contour.slice(first), ...contour.slice(0, first)];
  const start = points[0] as Point;
  let path = `M${start.x} ${start.y}`;
  for (let i = 1; i < points.length; i++) {
    const point = points[i] as Point;
    const next = points[i + 1] ?? start;
    if (point.isOn) path += `L${point.x} ${point.y}`;
    else {
      const end = next.isOn ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
      path += `Q${point.x} ${point.y} ${end.x} ${end.y}`;
      if (next.isOn) i++;
    }
  }
  return path;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [font] = process.argv.slice(2);
  if (font === undefined) throw new Error("Expected the path of DejaVuSans-Bold.ttf, got none.");
  const path = join(packageFolder(), "src/media/overlay/digits.table.ts");
  writeAtomically(path, [tableText(readDigits(readFileSync(font)))]);
}
