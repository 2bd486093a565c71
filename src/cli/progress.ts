/**
 * Progress of long work, on stderr: bars with rate and time left on a terminal, a plain line every few seconds elsewhere
 * (a CI log), nothing when quiet. A piece of work that is over leaves one line.
 */
import cliProgress from "cli-progress";
import type { Progress, ProgressTask } from "../../recipes/index.ts";

export type ProgressOptions = Readonly<{
  quiet?: boolean;
  /** Where it is shown. Default process.stderr. */
  stream?: NodeJS.WriteStream;
  /** Milliseconds on a steady clock. */
  now?: () => number;
}>;

/** Progress until it is closed, which takes all bars away and frees the terminal. */
export type TerminalProgress = Progress & Readonly<{ close(): void }>;

const linesEveryMs = 5000;
const drawEveryMs = 100;
const barFormat = "{name} {bar} {value}/{total} {unit}{rate}{left}{note}";

/** Begin to show progress. */
export function openProgress(options: ProgressOptions = {}): TerminalProgress {
  const { quiet = false, stream = process.stderr, now = () => performance.now() } = options;
  if (quiet) return { task: () => ({ update() {}, finish() {} }), note() {}, close() {} };
  return stream.isTTY ? barProgress(stream, now) : lineProgress(stream, now);
}

function barProgress(stream: NodeJS.WriteStream, now: () => number): TerminalProgress {
  let bars: cliProgress.MultiBar | undefined;
  let open = 0;
  let drawn = Number.NEGATIVE_INFINITY;
  /** The library draws by a timer, which does not come to its turn while a model computes. */
  const draw = () => {
    if (now() - drawn < drawEveryMs) return;
    drawn = now();
    bars?.update();
  };
  const note = (line: string) => {
    if (bars) bars.log(`${line}\n`);
    else stream.write(`${line}\n`);
  };
  const close = () => {
    bars?.stop();
    bars = undefined;
  };
  return {
    task(name, options) {
      const pace = startPace(name, options, now);
      bars ??= new cliProgress.MultiBar(
        {
          format: barFormat,
          stream,
          clearOnComplete: true,
          hideCursor: true,
          gracefulExit: false,
          barsize: Math.max(8, Math.min(30, (stream.columns ?? 80) - 60)),
        },
        cliProgress.Presets.shades_classic,
      );
      const bar = bars.create(options.total, options.begun ?? 0, pace.payload());
      open++;
      draw();
      return endingOnce({
        update(done, text) {
          pace.update(done, text);
          bar.update(done, pace.payload());
          draw();
        },
        finish(text) {
          note(pace.summary(text));
          bars?.remove(bar);
          // The last bar gone, the terminal is given back until the next one: nothing then redraws over other output.
          if (--open === 0) close();
        },
      });
    },
    note,
    close,
  };
}

function lineProgress(stream: NodeJS.WriteStream, now: () => number): TerminalProgress {
  return {
    task(name, options) {
      const pace = startPace(name, options, now);
      let shown = now();
      return endingOnce({
        update(done, text) {
          pace.update(done, text);
          if (now() - shown < linesEveryMs) return;
          shown = now();
          const { rate, left, note } = pace.payload();
          stream.write(`${name}: ${done}/${options.total} ${pace.unit}${rate}${left}${note}\n`);
        },
        finish: (text) => void stream.write(`${pace.summary(text)}\n`),
      });
    },
    note: (line) => void stream.write(`${line}\n`),
    close() {},
  };
}

/** A task that is finished twice, or told about afterwards, says nothing more. */
function endingOnce(task: ProgressTask): ProgressTask {
  let isOver = false;
  return {
    update: (done, note) => {
      if (!isOver) task.update(done, note);
    },
    finish(note) {
      if (!isOver) task.finish(note);
      isOver = true;
    },
  };
}

type Payload = Readonly<{ name: string; unit: string; rate: string; left: string; note: string }>;

/** Rate and time left of one task, in words. */
function startPace(
  name: string,
  { total, unit = "", begun = 0 }: Readonly<{ total: number; unit?: string; begun?: number }>,
  now: () => number,
) {
  const started = now();
  let done = begun;
  let note = "";
  return {
    unit,
    update(value: number, text?: string): void {
      done = value;
      note = text ?? note;
    },
    payload(): Payload {
      const rate = (done - begun) / ((now() - started) / 1000);
      const known = rate > 0 && Number.isFinite(rate);
      return {
        name,
        unit,
        rate: known ? `, ${formatRate(rate, unit)}` : "",
        left: known ? `, ${formatSeconds(Math.max(0, total - done) / rate)} left` : "",
        note: note === "" ? "" : `, ${note}`,
      };
    },
    summary(text?: string): string {
      const last = text ?? note;
      const counted = unit === "" ? "" : `${done} ${unit} in `;
      return `${name}: ${counted}${formatSeconds((now() - started) / 1000)}${last === "" ? "" : `, ${last}`}`;
    },
  };
}

/** "42 steps/s", "0.32 steps/s". */
function formatRate(rate: number, unit: string): string {
  return `${rate >= 10 ? Math.round(rate) : rate.toPrecision(2)} ${unit === "" ? "" : unit}/s`.replace(" /", "/");
}

/** "0.4 s", "12 s", "3 min 5 s", "2 h 3 min". */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
