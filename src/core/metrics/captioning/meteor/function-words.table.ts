/**
 * METEOR's English function words, which weigh a third of a content word in its precision and recall.
 *
 * By their definition (Denkowski and Lavie 2011, section 3) these are the tokens that make up more than a thousandth of a large
 * corpus of news, punctuation included. METEOR's file has 93 entries and is not at hand; this list is rebuilt from the
 * definition and held to scores of METEOR's own program, which settle "her", "she", "up", "out", "into", "by", "has" (in) and
 * "do", "him", "then", "down", "before", "while", "back", "around", "three", "t" (out). Others near the border may differ. Another
 * list can be passed.
 */
export const functionWords: ReadonlySet<string> = new Set(
  (
    "the of to a and in that for is on with was he as at it by from be have has an are his not will they who had were but this " +
    "been their which or one we more would i about up when two than also out there if other can some you what so no all its " +
    "new people after said s her she into first over could time year years last only " +
    ", . ' \" - ( ) : ; $ % ?"
  ).split(" "),
);
