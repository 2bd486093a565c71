/**
 * Text as METEOR's tokens: its `-norm` for English, which keeps punctuation as tokens of its own.
 *
 * METEOR cuts text once more, whatever tokeniser came before: "man 's" becomes three tokens, "close-up" two, "u.s." is "us".
 * The steps and their order are those of METEOR 1.5 (its authors changed the Moses tokeniser of 2010).
 */

const LETTER = "\\p{Script=Latin}\\p{Script=Cyrillic}";
const SIGNS = new RegExp(`[^0-9${LETTER}\\s.'\`,\\-‘’]`, "gu");
const COMMA = /(?<!\d),|,(?!\d)/g;
/** "t-shirt", "u.s.-based"; a dash that stands alone stays a token. */
const INNER_DASH = new RegExp(`(?<=[0-9${LETTER}.])-(?=[0-9${LETTER}])`, "gu");
const LOOSE_APOSTROPHE = new RegExp(`(?<![${LETTER}0-9])'|'(?![${LETTER}])`, "gu");
const INNER_APOSTROPHE = new RegExp(`(?<=[${LETTER}])'(?=[${LETTER}])|(?<=\\d)'(?=s)`, "gu");

/** Abbreviations that keep their full stop; those of the second list only before a number. */
const PREFIXES = new Set(
  (
    "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z Adj Adm Adv Asst Bart Bldg Brig Bros Capt Cmdr Col Comdr Con Corp Cpl DR Dr " +
    "Drs Ens Gen Gov Hon Hr Hosp Insp Lt MM MR MRS MS Maj Messrs Mlle Mme Mr Mrs Ms Msgr Op Ord Pfc Ph Prof Pvt Rep Reps Res Rev Rt " +
    "Sen Sens Sfc Sgt Sr St Supt Surg v vs i.e rev e.g Nos Nr"
  ).split(" "),
);
const NUMBER_PREFIXES = new Set(["No", "Art", "pp"]);

/** Lower-case tokens of one line. */
export function meteorTokens(line: string): string[] {
  const spaced = line
    .replace(SIGNS, " $& ")
    .replace(/\.{2,}/g, " $& ")
    .replace(COMMA, " , ")
    .replace(/[`‘’]/g, "'")
    .replace(/[“”]|''/g, ' " ')
    .replace(/–|--/g, "-")
    .replace(INNER_DASH, " ")
    .replace(LOOSE_APOSTROPHE, " ' ")
    .replace(INNER_APOSTROPHE, " '");
  const words = spaced.split(/\s+/).filter((word) => word !== "");
  return words.flatMap((word, i) => withoutStop(word, words[i + 1])).map((word) => word.toLowerCase());
}

/** A word and its full stop: one token, two, or an abbreviation without dots. */
function withoutStop(word: string, next: string | undefined): string[] {
  if (word.length < 2 || !word.endsWith(".") || /^\.+$/.test(word)) return [word];
  const head = word.slice(0, -1);
  if (head.includes(".") && /\p{L}/u.test(head)) return [word.replaceAll(".", "")];
  // A lower-case word after it: an abbreviation that is in no list.
  const keeps = PREFIXES.has(head) || (next !== undefined && /^[a-z]/.test(next));
  const numbered = NUMBER_PREFIXES.has(head) && next !== undefined && /^[0-9]/.test(next);
  return keeps || numbered ? [word] : [head, "."];
}
