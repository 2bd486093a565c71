/**
 * Supervised fine-tuning of a decoder: mean cross entropy over the answers' tokens of an update's rows, computed in runs of
 * packed rows.
 */
import type { Shapes } from "../../nn/checkpoint/index.ts";
import {
  countTargets,
  DecoderGradients,
  type GenerativeConfig,
  type Run,
  type TrainingRow,
} from "../../nn/models/index.ts";
import type { GradientObjective } from "../objective.ts";
import { packRows, runLength, runTargets } from "./pack.ts";

export type SftObjectiveOptions = Readonly<{
  /** Of every parameter of the decoder, an adapter's included. */
  shapes: Shapes;
  trained: readonly string[];
  loraScaling?: number;
  /** Rows that may share a run; an update's rows beyond it are other runs, whose gradients are added. Default: all. */
  batch?: number;
  /** Tokens of a run at most, longer rows excepted; 0 gives every row a run of its own. Default 512. */
  packedTokens?: number;
  /** Gradient checkpointing: layers that are computed together. Default: all, each once. */
  segmentLayers?: number;
}>;

/** An objective whose batch is an update's rows. */
export function sftObjective(
  config: GenerativeConfig,
  options: SftObjectiveOptions,
): GradientObjective<readonly TrainingRow[]> {
  const { shapes, trained, loraScaling, segmentLayers } = options;
  return {
    name: "sft",
    trained,
    tokens: (rows) => rows.reduce((sum, { ids }) => sum + ids.length, 0),
    open({ weights, gradients, threads }) {
      const decoder = new DecoderGradients(config, {
        ...{ weights, shapes, gradients },
        ...(loraScaling !== undefined && { loraScaling }),
        ...(segmentLayers !== undefined && { segmentLayers }),
        ...(threads !== undefined && { threads }),
      });
      return {
        compute: (rows) => decoder.compute(updateRuns(rows, options)),
        dispose: () => decoder.dispose(),
      };
    },
  };
}

/** Up to so many positions a mask over the whole run costs no more than attention in blocks. */
const maskedLength = 512;

/** The runs of an update. Each target weighs the same, in whichever run it stands. */
export function updateRuns(
  rows: readonly TrainingRow[],
  { batch = rows.length, packedTokens = 512 }: Pick<SftObjectiveOptions, "batch" | "packedTokens">,
): Run[] {
  const targets = rows.reduce((sum, row) => sum + countTargets(row), 0);
  if (targets === 0) throw new RangeError(`Expected labels that count in an update of ${rows.length} rows, got none.`);
  const runs: Run[] = [];
  for (let start = 0; start < rows.length; start += batch) {
    const together = rows.slice(start, start + batch);
    const lengths = together.map(({ ids }) => ids.length);
    for (const indices of packRows(lengths, packedTokens)) {
      const packed = indices.map((index) => together[index] as TrainingRow);
      const length = runLength(packed.reduce((sum, { ids }) => sum + ids.length, 0));
      const masked = packed.length > 1 || length <= maskedLength;
      const lossRows = runTargets(packed.reduce((sum, row) => sum + countTargets(row), 0));
      runs.push({ rows: packed, shape: { length, masked, lossRows }, weight: 1 / targets });
    }
  }
  return runs;
}
