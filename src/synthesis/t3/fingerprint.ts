/** Telling questions apart in little memory. */
import type { Draft } from "./family.ts";

/** 53 bits of what makes a question the same question: padding, wording, answer and original lines. */
export function fingerprintOf({ question, correct, lines }: Draft, padding: number): number {
  let [a, b] = [padding, 0x9e3779b9];
  const mix = (text: string) => {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      a = Math.imul(a ^ unit, 0x85ebca6b);
      b = Math.imul(b ^ unit, 0xc2b2ae35);
      b ^= b >>> 15;
    }
    a ^= a >>> 16;
  };
  mix(question);
  mix(correct);
  for (const line of lines) mix(line.text);
  return (a >>> 0) * 2 ** 21 + ((b >>> 0) & 0x1fffff);
}
