/** What a question asks about. */

/** "Where is the red circle growing?" asks about "the red circle growing"; prompts put the phrase into a question of their own. */
export function phraseOf(text: string): string {
  const asked = /^(?:when|where)\s+(?:is|are|was|were|do|does|did|can we see|can you see)\s+(.+)$/i.exec(text.trim());
  return (asked?.[1] ?? text).trim().replace(/[?.!\s]+$/, "");
}
