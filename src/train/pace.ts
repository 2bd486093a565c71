/**
 * Speed of the last steps, smoothed so that an estimate of the time left does not jump.
 */
export type PaceFigures = Readonly<{ secondsPerStep: number; tokensPerSecond: number }>;

export type Pace = Readonly<{
  /** Figures with this step in them. */
  note(seconds: number, tokens: number): PaceFigures;
  /** Figures without this step, unless it is the only one. */
  peek(seconds: number, tokens: number): PaceFigures;
}>;

/** Exponential means over about `window` steps, plain means until so many were seen. */
export function movingPace(window = 20): Pace {
  let [seconds, tokens, seen] = [0, 0, 0];
  const figures = (s: number, t: number) => ({ secondsPerStep: s, tokensPerSecond: t / Math.max(s, 1e-9) });
  return {
    note(stepSeconds, stepTokens) {
      seen = Math.min(seen + 1, window);
      seconds += (stepSeconds - seconds) / seen;
      tokens += (stepTokens - tokens) / seen;
      return figures(seconds, tokens);
    },
    peek: (stepSeconds, stepTokens) => (seen === 0 ? figures(stepSeconds, stepTokens) : figures(seconds, tokens)),
  };
}
