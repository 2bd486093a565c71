/**
 * Ask a language model whether replies are right, where rules cannot say. A judge that fails (an error, or an answer that says
 * neither) is asked again after a pause; what it never decides is unjudged, not wrong, and is asked again at the next call.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { type ChatModel, type Message, stopsRun, userMessage } from "../chat/index.ts";
import { Rng } from "../core/math/index.ts";
import { type LogKind, openRowLog, parseLineAs } from "./runs/index.ts";

/** One question to the judge; `read` gives null where the answer decides nothing. */
export type JudgeQuestion = Readonly<{ id: string; prompt: string; read: (verdict: string) => boolean | null }>;

const judgeConfig = z.object({
  benchmark: z.string(),
  model: z.string(),
  fingerprint: z.string(),
  seed: z.number().int(),
});
const judgeRow = z.object({
  id: z.string(),
  prompt: z.string(),
  verdict: z.string(),
  correct: z.boolean(),
  attempts: z.int(),
});
export type JudgeConfig = Readonly<z.infer<typeof judgeConfig>>;
export type JudgeRow = Readonly<z.infer<typeof judgeRow>>;

const format = "zoetrope-judgements";
const head = z.object({ format: z.literal(format), version: z.literal(1), config: judgeConfig });

const kind: LogKind<JudgeConfig, JudgeRow> = {
  ...{ format, version: 1, rowName: "a verdict" },
  parseHead: (line) => parseLineAs(head, line),
  parseRow: (line) => parseLineAs(judgeRow, line),
  differences: (found, wanted) =>
    (Object.keys(wanted) as (keyof JudgeConfig)[]).flatMap((what) =>
      found[what] === wanted[what] ? [] : [{ what, found: found[what], wanted: wanted[what] }],
    ),
};

/** Decided verdicts by question and prompt, so that a changed reply is judged anew. Close it. */
export type JudgeLog = Readonly<{
  verdictOn(question: Pick<JudgeQuestion, "id" | "prompt">): boolean | undefined;
  append(row: JudgeRow): void;
  close(): void;
}>;

/** Open a judge's log; make it, with its folder, where there is none. Throws where it was begun differently. */
export function openJudgeLog(path: string, config: JudgeConfig): JudgeLog {
  const known = new Map<string, boolean>();
  const key = (id: string, prompt: string) => `${id}\n${prompt}`;
  const log = openRowLog(path, kind, {
    config,
    onRow: ({ id, prompt, correct }) => known.set(key(id, prompt), correct),
  });
  return {
    verdictOn: ({ id, prompt }) => known.get(key(id, hashOf(prompt))),
    append(row) {
      log.append([row]);
      known.set(key(row.id, row.prompt), row.correct);
    },
    close: () => log.close(),
  };
}

export type JudgeOptions = Readonly<{
  questions: readonly JudgeQuestion[];
  model: ChatModel;
  /** The system turn. */
  system: string;
  log?: JudgeLog;
  seed: number;
  /** Attempts after the first one. Default 10, as TempCompass has it. */
  retries?: number;
  /** Waits between attempts, in seconds. Default: really waits, one to two seconds. */
  wait?: (seconds: number) => Promise<void>;
  signal?: AbortSignal;
  onProgress?: (done: number, failed: number) => void;
}>;

export type JudgeResult = Readonly<{
  verdicts: ReadonlyMap<string, boolean>;
  failed: readonly Readonly<{ id: string; reason: string }>[];
}>;

const atOnce = 16;
/** Temperature 1 and 128 tokens are TempCompass's; its presence penalty of 1 has no counterpart here. */
const sampling = { temperature: 1, topP: 1, maxNewTokens: 128 } as const;

/**
 * Verdicts on every question that the judge decides. Throws the signal's reason when it is aborted, and
 * errors that every question would meet (a wrong key, a spent budget); verdicts before them are in the log.
 */
export async function askJudge(options: JudgeOptions): Promise<JudgeResult> {
  const { questions, log, onProgress, signal } = options;
  const verdicts = new Map<string, boolean>();
  const failed: { id: string; reason: string }[] = [];
  const open: JudgeQuestion[] = [];
  for (const question of questions) {
    const before = log?.verdictOn(question);
    if (before === undefined) open.push(question);
    else verdicts.set(question.id, before);
  }
  for (let start = 0; start < open.length; start += atOnce) {
    signal?.throwIfAborted();
    const asked = open.slice(start, start + atOnce).map(async (question) => {
      const result = await judgeOne(question, options);
      if ("reason" in result) {
        failed.push(result);
      } else {
        log?.append(result);
        verdicts.set(result.id, result.correct);
      }
      onProgress?.(verdicts.size, failed.length);
    });
    // Those under way come to their end and into the log, whatever stops the others.
    const stopped = (await Promise.allSettled(asked)).find((each) => each.status === "rejected");
    if (stopped) throw stopped.reason;
  }
  return { verdicts, failed };
}

async function judgeOne(
  { id, prompt, read }: JudgeQuestion,
  { model, system, seed, signal, retries = 10, wait = pause }: JudgeOptions,
): Promise<JudgeRow | Readonly<{ id: string; reason: string }>> {
  const messages: Message[] = [{ role: "system", content: [{ type: "text", text: system }] }, userMessage(prompt)];
  const rng = new Rng(`judge/${seed}/${id}`);
  let reason = "";
  for (let attempt = 0; attempt <= retries; attempt++) {
    if (attempt > 0) await wait(rng.uniform(1, 2));
    signal?.throwIfAborted();
    try {
      const named = { seed: `${seed}/${id}/${attempt}`, ...(signal && { signal }) };
      const { text } = await model.generate(messages, { ...sampling, ...named });
      const correct = read(text);
      if (correct !== null) return { id, prompt: hashOf(prompt), verdict: text, correct, attempts: attempt + 1 };
      reason = `the judge's answer decides nothing: ${JSON.stringify(text.slice(0, 80))}`;
    } catch (error) {
      // A wrong key or a spent budget is no answer of a judge's, and asking again does not help.
      if (signal?.aborted || stopsRun(error)) throw error;
      reason = error instanceof Error ? error.message : String(error);
    }
  }
  return { id, reason };
}

function hashOf(prompt: string): string {
  return createHash("sha256").update(prompt).digest("hex").slice(0, 16);
}

async function pause(seconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
}
