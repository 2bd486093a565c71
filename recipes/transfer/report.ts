/**
 * What the report of the reproduction shows besides the table: losses, examples with their frames, sample rows, provenance.
 */
import type { TransferSummary, TransferTable } from "../../src/evals/index.ts";
import type { Frame } from "../../src/media/video/index.ts";
import { loadTokenizer } from "../../src/nn/tokenizer/index.ts";
import {
  type AnswerTriple,
  frameStrip,
  pickExamples,
  type ReportExample,
  type TransferReport,
} from "../../src/report/index.ts";
import { testVocabulary } from "../../src/world/index.ts";
import { commit, machine } from "../machine.ts";
import { type SeedRun, tunedShare } from "./arms.ts";
import { batch } from "./fine-tune.ts";
import { arms, type TextArm, transferText } from "./text.ts";

export type ReportOptions = Readonly<{
  runs: readonly SeedRun[];
  table: TransferTable;
  summary: TransferSummary;
  model: string;
  seconds: number;
  steps: number;
}>;

const sampleRows = 3;

export async function reportOf({
  runs,
  table,
  summary,
  model,
  seconds,
  steps,
}: ReportOptions): Promise<TransferReport> {
  const first = runs[0] as SeedRun;
  const seeds = runs.map(({ answers }) => answers.seed);
  const picked = pickExamples(first.answers);
  const withStrip = async (triple: AnswerTriple): Promise<ReportExample> => {
    const frames = first.frames.get(triple.t3.sample.video) as readonly Frame[];
    return { ...triple, strip: await frameStrip(frames) };
  };
  const total = (arm: TextArm) => runs.reduce((sum, { trained }) => sum + trained[arm].tokens, 0);
  return {
    table,
    summary,
    losses: runs.flatMap(({ trained, answers }) =>
      arms.map((arm) => ({
        arm,
        seed: answers.seed,
        points: trained[arm].losses.map((loss, i) => ({ step: i + 1, loss })),
      })),
    ),
    examples: {
      learnt: await Promise.all(picked.learnt.map(withStrip)),
      stillWrong: await Promise.all(picked.stillWrong.map(withStrip)),
    },
    texts: { t3: samplesOf("t3", model, seeds[0] as number), control: samplesOf("control", model, seeds[0] as number) },
    provenance: {
      command: `zoetrope reproduce t3 --seed ${seeds[0]} --seeds ${seeds.length} --steps ${steps}`,
      commit: commit(),
      machine: machine(),
      model: "zoetrope-micro",
      fingerprint: first.fingerprint,
      seeds,
      sampler: "8 frames, trunc(linspace(0, N - 1, 8))",
      seconds,
      counts: [
        { what: "fine-tuning steps of each arm", count: steps },
        { what: "rows of text of each arm", count: steps * batch * runs.length },
        { what: "tokens of T3 text", count: total("t3") },
        { what: "tokens of control text", count: total("control") },
      ],
      heldOut: [
        `Temporal training text never mentions the things of the test videos: ${testVocabulary.shapes.join(", ")}.`,
        `Nor their backgrounds: ${testVocabulary.backgrounds.join(", ")}.`,
        "No picture and no video is seen in fine-tuning; vision tower and projector are frozen.",
        `Both arms stop at ${tunedShare} of the way from zoetrope-micro to where their training led (WiSE-FT).`,
        "The shipped checkpoint has seen all of these things, but was never asked about their order in time.",
      ],
    },
  };
}

function samplesOf(arm: TextArm, model: string, seed: number) {
  const rows = transferText(arm, { seed, rows: sampleRows, tokenizer: loadTokenizer(model) });
  return rows.map(({ turns }) => {
    const [{ ask, answer }] = turns as [(typeof turns)[number]];
    return { family: arm === "t3" ? "T3 text" : "control text", prompt: ask, answer };
  });
}
