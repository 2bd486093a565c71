/**
 * Many clients at a server for a while: each answer is checked against the model asked directly, memory is watched, and the
 * throughput is set against that of the same questions without a server.
 *
 * Flags: --clients 200, --seconds 60, --seed 0. Clients, server and model share this machine's cores: on a busy one, or one of two cores,
 * the share of the model's own throughput says as much about the clients as about the server (serverCpuMs against directCpuMs).
 */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type ChatModel, type Message, openLocalModel, userMessage } from "../../src/chat/index.ts";
import { startServeProcess } from "../../src/cli/serve-process.fixture.ts";
import { Rng } from "../../src/core/math/index.ts";
import { encodePng } from "../../src/media/image/index.ts";
import { sampleFrames } from "../../src/media/sampling/index.ts";
import { openVideo } from "../../src/media/video/index.ts";
import { orderScript, wholeVocabulary, writeWorldVideo } from "../../src/world/index.ts";
import type { Figures } from "./main.ts";

const maxTokens = 24;
const videos = 12;
const wordings = [
  "Which item is shown first? ",
  "Which item is shown last? ",
  "What color is the circle? ",
  "Describe the video. ",
  "Is there a square? ",
];

/** What the server should keep of the model's own throughput. */
const wantedRatio = 0.8;

/** A question as messages for the model and as content for the server, with the answer that both must give. */
type Question = Readonly<{ messages: readonly Message[]; content: unknown; more: object; answer: string }>;

type Tally = {
  sent: number;
  answered: number;
  hungUp: number;
  different: number;
  lost: string[];
  latenciesMs: number[];
};

export async function run(flags: readonly string[]): Promise<Figures> {
  const flag = (name: string, otherwise: number) => {
    const at = flags.indexOf(`--${name}`);
    return at === -1 ? otherwise : Number(flags[at + 1]);
  };
  const [clients, seconds, seed] = [flag("clients", 200), flag("seconds", 60), flag("seed", 0)];
  const folder = mkdtempSync(join(tmpdir(), "zoetrope-soak-serve-"));
  const model = openLocalModel("micro");
  let server: ChildProcess | undefined;
  try {
    const questions = await makeQuestions(model, { folder, seed });
    const before = await askDirectly(model, questions, seconds / 4);
    const started = await startServeProcess(["--queue", String(2 * clients)]);
    server = started.child;
    const tally: Tally = { sent: 0, answered: 0, hungUp: 0, different: 0, lost: [], latenciesMs: [] };
    const memory: number[] = [];
    // Every batch size and length is met once before it counts.
    await soak(started.url, questions, {
      clients,
      seconds: seconds / 4,
      seed: seed + 1,
      tally: { ...tally },
      memory: [],
    });
    const [{ stats: warm }, clientCpu] = [await health(started.url), cpuSeconds()];
    const rate = await soak(started.url, questions, { clients, seconds, seed, tally, memory });
    const { stats } = await health(started.url);
    const perAnswer = (cpu: number) => round((1000 * cpu) / tally.answered);
    const cpu = { server: perAnswer(stats.cpuSeconds - warm.cpuSeconds), client: perAnswer(cpuSeconds() - clientCpu) };
    server.kill("SIGTERM");
    const [status] = (await once(server, "exit")) as [number];
    const after = await askDirectly(model, questions, seconds / 4);
    const direct = (before.perSecond + after.perSecond) / 2;
    const growth = mean(memory.slice(-memory.length / 4)) / mean(memory.slice(memory.length / 4, memory.length / 2));
    const problems = [
      ...(tally.lost.length > 0 ? [`${tally.lost.length} requests lost, for example ${tally.lost[0]}`] : []),
      ...(tally.different > 0 ? [`${tally.different} answers that the model does not give`] : []),
      ...(growth > 1.1 ? [`memory that grows by ${((growth - 1) * 100).toFixed(0)} %`] : []),
      ...(status !== 0 ? [`the status ${status}`] : []),
      ...(stats.underWay > 0 ? [`${stats.underWay} requests that never end`] : []),
    ];
    const isSlow = rate / direct < wantedRatio;
    if (isSlow) problems.push(`${round(rate / direct)} of the model's own throughput, where ${wantedRatio} is wanted`);
    const latencies = tally.latenciesMs.sort((a, b) => a - b);
    return {
      clients,
      requests: tally.sent,
      answered: tally.answered,
      hungUp: tally.hungUp,
      lost: tally.lost.length,
      different: tally.different,
      perSecond: round(rate),
      directPerSecond: round(direct),
      directBefore: round(before.perSecond),
      directAfter: round(after.perSecond),
      throughputRatio: round(rate / direct),
      throughputWanted: wantedRatio,
      p50Ms: Math.round(latencies[Math.floor(latencies.length * 0.5)] ?? 0),
      p95Ms: Math.round(latencies[Math.floor(latencies.length * 0.95)] ?? 0),
      // What the cores did, which other programs on the machine do not change: server and model, clients, model alone.
      serverCpuMs: cpu.server,
      clientCpuMs: cpu.client,
      directCpuMs: round((before.cpuMs + after.cpuMs) / 2),
      meanBatch: round(
        (stats.models.micro.answered - warm.models.micro.answered) /
          (stats.models.micro.batches - warm.models.micro.batches),
      ),
      rssFirstMiB: Math.round((memory[0] ?? 0) / 2 ** 20),
      rssLastMiB: Math.round((memory.at(-1) ?? 0) / 2 ** 20),
      rssGrowth: round(growth),
      problems: problems.join("; "),
    };
  } finally {
    server?.kill("SIGKILL");
    await model.dispose();
    rmSync(folder, { recursive: true });
  }
}

/** Questions about videos as files, about their frames as pictures, and about nothing that is seen. */
async function makeQuestions(
  model: ChatModel,
  { folder, seed }: Readonly<{ folder: string; seed: number }>,
): Promise<Question[]> {
  const rng = new Rng(`soak/${seed}`);
  const questions: Omit<Question, "answer">[] = [];
  for (let v = 0; v < videos; v++) {
    const path = join(folder, `${v}.mp4`);
    await writeWorldVideo(path, orderScript(rng.fork(v), wholeVocabulary), { width: 64, height: 48 });
    await using video = await openVideo(path);
    const frames = await sampleFrames(video, "linspace", 8);
    const file = {
      type: "video_url",
      video_url: { url: `data:video/mp4;base64,${readFileSync(path).toString("base64")}` },
    };
    const pictures = await Promise.all(
      frames.map(async ({ image, time }) => [
        { type: "text", text: `<${time.toFixed(3)} seconds>` },
        {
          type: "image_url",
          image_url: { url: `data:image/png;base64,${Buffer.from(await encodePng(image)).toString("base64")}` },
        },
      ]),
    );
    for (const wording of wordings) {
      const text = { type: "text", text: wording };
      const messages = [userMessage(wording, frames)];
      questions.push({ messages, content: [file, text], more: { media_io_kwargs: { video: { num_frames: 8 } } } });
      questions.push({ messages, content: [...pictures.flat(), text], more: {} });
    }
    const wording = `What color is thing ${v}? `;
    questions.push({ messages: [userMessage(wording)], content: wording, more: {} });
  }
  const replies = await model.generateMany(
    questions.map(({ messages }) => messages),
    { maxNewTokens: maxTokens },
  );
  return questions.map((question, i) => ({ ...question, answer: replies[i]?.text as string }));
}

/** Without a server: batches of 32, pictures decoded and looked at beforehand. */
async function askDirectly(
  model: ChatModel,
  questions: readonly Question[],
  seconds: number,
): Promise<{ perSecond: number; cpuMs: number }> {
  const rng = new Rng("direct");
  const [began, cpu] = [performance.now(), cpuSeconds()];
  let answered = 0;
  while (performance.now() - began < seconds * 1000) {
    const batch = Array.from({ length: 32 }, () => questions[rng.below(questions.length)] as Question);
    await model.generateMany(
      batch.map(({ messages }) => messages),
      { maxNewTokens: maxTokens },
    );
    answered += batch.length;
  }
  const perSecond = answered / ((performance.now() - began) / 1000);
  return { perSecond, cpuMs: (1000 * (cpuSeconds() - cpu)) / answered };
}

type SoakOptions = Readonly<{ clients: number; seconds: number; seed: number; tally: Tally; memory: number[] }>;

/** Clients that ask one question after the other until the time is up. Resolves to answers a second. */
async function soak(url: string, questions: readonly Question[], options: SoakOptions): Promise<number> {
  const { clients, seconds, seed, tally, memory } = options;
  const until = performance.now() + seconds * 1000;
  const began = performance.now();
  const client = async (number: number) => {
    const rng = new Rng(`client/${seed}/${number}`);
    while (performance.now() < until) {
      await askOnce(url, questions[rng.below(questions.length)] as Question, { rng, tally });
    }
  };
  const watch = async () => {
    while (performance.now() < until) {
      memory.push((await health(url)).stats.rssBytes);
      await setTimeout(500);
    }
  };
  await Promise.all([watch(), ...Array.from({ length: clients }, (_, number) => client(number))]);
  return tally.answered / ((performance.now() - began) / 1000);
}

/** One in three answers comes as a stream; one client in fifty hangs up instead of waiting for it. */
async function askOnce(
  url: string,
  { content, more, answer }: Question,
  { rng, tally }: Readonly<{ rng: Rng; tally: Tally }>,
): Promise<void> {
  const stream = rng.below(3) === 0;
  const leaves = rng.below(50) === 0;
  const began = performance.now();
  tally.sent++;
  try {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        model: "micro",
        messages: [{ role: "user", content }],
        max_tokens: maxTokens,
        stream,
        ...more,
      }),
      ...(leaves && { signal: AbortSignal.timeout(1 + rng.below(400)) }),
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${response.status} ${text.slice(0, 200)}`);
    const said = stream ? streamedText(text) : (JSON.parse(text) as Completion).choices[0]?.message.content;
    tally.answered++;
    tally.latenciesMs.push(performance.now() - began);
    if (said !== answer) tally.different++;
  } catch (error) {
    if (leaves) tally.hungUp++;
    else tally.lost.push(String(error));
  }
}

type Completion = { choices: { message: { content: string } }[] };
type Chunk = { choices: { delta: { content?: string } }[] };

function streamedText(events: string): string {
  if (!events.endsWith("data: [DONE]\n\n")) throw new Error(`a stream that breaks off: ${events.slice(-200)}`);
  const chunks = events.split("\n\n").filter((event) => event.startsWith("data: {"));
  return chunks.map((event) => (JSON.parse(event.slice(6)) as Chunk).choices[0]?.delta.content ?? "").join("");
}

type Health = {
  stats: {
    rssBytes: number;
    cpuSeconds: number;
    underWay: number;
    models: { micro: { answered: number; batches: number } };
  };
};

async function health(url: string): Promise<Health> {
  return (await (await fetch(`${url}/healthz`)).json()) as Health;
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
