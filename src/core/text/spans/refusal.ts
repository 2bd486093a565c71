/** Answers that say that there is nothing to see, or that the model cannot tell. */

const refusals = [
  /\b(?:do|does|did|is|are|was|were|can|could|has|have)(?:\s+not|n['’]t)\s+(?:\w+\s+){0,3}?(?:occur|happen|appear|take\s+place|visible|shown|show|seen|present|depicted|contain|find|found|see|determine|identify|locate|tell|able|possible|clear|mention|provide)/i,
  /\bcannot\b|\bunable\s+to\b|\bnot\s+(?:able|possible|visible|shown|present|found|applicable|mentioned)\b/i,
  /\bno\s+(?:such|clear|specific|visible|matching|relevant|evidence|frames?|moment|event|information)\b/i,
  /\b(?:sorry|apologi[sz]e)\b|^\W*(?:none|n\/a|unknown)\W*$/i,
];

/** Does the text decline to name a time? */
export function isRefusal(text: string): boolean {
  return refusals.some((pattern) => pattern.test(text));
}
