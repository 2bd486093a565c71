/** Seconds to places on a timeline, and the seconds that its ruler names. */

export type View = Readonly<{ from: number; to: number }>;

/** Where a second lies in the view, in percent; outside it below 0 or above 100. */
export function percentOf(view: View, seconds: number): number {
  return (100 * (seconds - view.from)) / (view.to - view.from);
}

const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200];

/** Round seconds within the view, at most `most` of them. */
export function ticksOf({ from, to }: View, most: number): number[] {
  const step = steps.find((each) => (to - from) / each <= most) ?? (steps.at(-1) as number);
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  return Array.from({ length: count }, (_, i) => (first + i) * step).filter((tick) => tick <= to + 1e-9);
}

/** The view scaled about a second, within the video; never closer than `closest` seconds. */
export function zoomed(view: View, at: number, factor: number, duration: number, closest = 0.5): View {
  const length = Math.min(duration, Math.max(Math.min(closest, duration), (view.to - view.from) * factor));
  const share = (at - view.from) / (view.to - view.from);
  const from = Math.min(Math.max(0, at - share * length), duration - length);
  return { from, to: from + length };
}

/** Short label of a tick: "4", "4.5", "1:30". */
export function tickText(seconds: number): string {
  if (seconds < 60) return String(Math.round(seconds * 10) / 10);
  const minutes = Math.floor(seconds / 60);
  const rest = String(Math.round(seconds % 60)).padStart(2, "0");
  return minutes < 60
    ? `${minutes}:${rest}`
    : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}
