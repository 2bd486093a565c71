/** Figures as the report prints them: one decimal, a true minus sign, an en dash where there is nothing. */

/** "42.3" */
export function percent(value: number | null): string {
  return value === null ? "–" : value.toFixed(1);
}

/** "+36.8", "−1.5", "0.0" */
export function points(value: number | null): string {
  if (value === null) return "–";
  const text = Math.abs(value).toFixed(1);
  return Number(text) === 0 ? "0.0" : `${value > 0 ? "+" : "−"}${text}`;
}

/** "12,480" */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** "3 seeds", "1 seed" */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}
