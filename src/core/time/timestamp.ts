/**
 * Clock text: seconds written as "mm:ss", "h:mm:ss" or plain seconds, and read back.
 *
 * Only the notation lives here; finding times inside a sentence is text extraction and belongs to core/text.
 */

/**
 * Seconds as "mm:ss", or "h:mm:ss" from one hour on, with the given number of decimals (rounded half up, carried into
 * minutes and hours). Negative seconds get a leading minus.
 */
export function formatTimestamp(seconds: number, decimals = 0): string {
  if (!Number.isFinite(seconds)) throw new RangeError(`Expected finite seconds, got ${seconds}.`);
  if (!(Number.isInteger(decimals) && decimals >= 0 && decimals <= 6)) {
    throw new RangeError(`Expected 0 to 6 decimals, got ${decimals}.`);
  }
  const unit = 10 ** decimals;
  // Whole units first: rounding the seconds part alone would print 00:60.
  const units = Math.round(Math.abs(seconds) * unit);
  const whole = Math.floor(units / unit);
  const two = (n: number) => String(n).padStart(2, "0");
  const fraction = decimals === 0 ? "" : `.${String(units % unit).padStart(decimals, "0")}`;
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const sign = seconds < 0 && units > 0 ? "-" : "";
  return `${sign}${h > 0 ? `${h}:` : ""}${two(m)}:${two(s)}${fraction}`;
}

/**
 * Seconds from "83.5", "83.5s", "1:23.5", "01:02:03" or "-00:04". In clock notation minutes (where hours are given) and
 * seconds must lie below 60. Throws RangeError on anything else.
 */
export function parseTimestamp(text: string): number {
  const plain = /^\s*(-?)(\d+(?:\.\d+)?|\.\d+)\s*s?\s*$/.exec(text);
  if (plain) return signed(plain[1], Number(plain[2]));
  const clock = /^\s*(-?)(?:(\d+):)?(\d+):(\d{1,2}(?:\.\d+)?)\s*$/.exec(text);
  if (clock) {
    const [h, m, s] = [Number(clock[2] ?? 0), Number(clock[3]), Number(clock[4])];
    if (s < 60 && (m < 60 || clock[2] === undefined)) return signed(clock[1], h * 3600 + m * 60 + s);
  }
  throw new RangeError(`Expected a time such as "83.5", "1:23.5" or "01:02:03", got ${JSON.stringify(text)}.`);
}

function signed(sign: string | undefined, seconds: number): number {
  return sign === "-" && seconds !== 0 ? -seconds : seconds;
}
