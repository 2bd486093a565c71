/**
 * What lmms-eval's Video-MME of 2024 (ee27be71) takes off a reply before it looks for a letter, and T3's scripts too.
 * Two pairs are glued together by a missing comma in the original and never match: kept.
 */
export const answerPrefixes = [
  "The best answer is",
  "The correct answer is",
  "The answer is",
  "The answer",
  "The best option isThe correct option is",
  "Best answer:Best option:",
] as const;
