/**
 * Next-token loss of a decoder or of LLaVA on batches of sequences, with or without images.
 *
 * Which tokens count is the source's business: labels are -100 elsewhere.
 */
import type { AdapterConfig } from "../nn/checkpoint/index.ts";
import {
  type BatchShape,
  ignoredLabel,
  type LanguageConfig,
  languageFeeds,
  languageTraining,
  type Sequence,
  tokensPerImage,
} from "../nn/models/index.ts";
import type { Feeds } from "../nn/runtime/index.ts";
import { bucketCount, bucketLength, type Lengths } from "./buckets.ts";
import type { Objective } from "./objective.ts";

export type LanguageObjectiveOptions = Readonly<{
  name?: string;
  /** Which parameters are trained. Default: all, or the adapter's when there is one. */
  trainable?: (name: string) => boolean;
  /** What the images of a sequence are: pixels, or vision features computed once. Absent: there are none. */
  images?: "pixels" | "features";
  /** Sequences carry weights for their labels. */
  weighted?: boolean;
  /** Train a LoRA adapter of this configuration; its weights are among those given to `train`. */
  lora?: AdapterConfig;
  /** Lengths that sequences are padded to. Default: multiples of 32. */
  lengths?: Lengths;
  /**
   * Numbers of counted labels a sequence that batches are padded to. Default: four an octave. Every pair of length and number is
   * a graph with memory of its own, so a long run does well with one or two.
   */
  lossRows?: Lengths;
}>;

/** An objective whose batch is a list of sequences: { ids, labels, weights?, images? }. */
export function languageObjective(
  config: LanguageConfig,
  options: LanguageObjectiveOptions = {},
): Objective<readonly Sequence[], BatchShape> {
  const { name = "language", images, lora, trainable: own } = options;
  return {
    name,
    shape: (sequences) => sequencesShape(sequences, options),
    build: (shape, { trainable, fixed }) => {
      const chosen = both(own, trainable);
      return languageTraining(config, shape, {
        ...(chosen && { trainable: chosen }),
        ...(fixed && { fixed }),
        ...(lora && { lora }),
      });
    },
    feeds: (sequences, shape) => languageFeeds(config, shape, sequences),
    tokens: (sequences) => sequences.reduce((sum, { ids }) => sum + ids.length, 0),
    widest: {
      batch: 1,
      length: 1 + (images && config.model_type === "llava" ? tokensPerImage(config) : 0),
      ...(images && { images: 1, imageInput: images }),
    },
  };
}

/** A batch's sizes and feeds in one call, for a graph that is compiled elsewhere (such as a validation loss). */
export function packSequences(
  config: LanguageConfig,
  sequences: readonly Sequence[],
  options: LanguageObjectiveOptions = {},
): { shape: BatchShape; feeds: Feeds } {
  const shape = sequencesShape(sequences, options);
  return { shape, feeds: languageFeeds(config, shape, sequences) };
}

/** Sizes of the bucket that holds these sequences. Logits are computed only where labels count. */
function sequencesShape(sequences: readonly Sequence[], options: LanguageObjectiveOptions): BatchShape {
  if (sequences.length === 0) throw new RangeError("Expected a batch of sequences, got none.");
  const { lengths = 32, lossRows: allowed, images, weighted } = options;
  const batch = sequences.length;
  const length = bucketLength(Math.max(...sequences.map(({ ids }) => ids.length)), lengths);
  const counted = Math.max(...sequences.map(({ labels }) => countedLabels(labels)));
  const lossRows = allowed === undefined ? bucketCount(counted) : bucketLength(counted, allowed);
  if (counted === 0) throw new RangeError(`Expected labels that count in a batch of ${batch} sequences, got none.`);
  const pictures = sequences.reduce((sum, sequence) => sum + (sequence.images?.length ?? 0), 0);
  if (pictures > 0 && images === undefined) {
    throw new TypeError(`Expected sequences without images, got ${pictures}. Say what they are: { images: "pixels" }.`);
  }
  return {
    batch,
    length,
    ...(lossRows < length && { lossRows }),
    ...(pictures > 0 && { images: bucketCount(pictures), imageInput: images as "pixels" | "features" }),
    ...(weighted && { weighted }),
  };
}

/** The first position is never predicted. */
function countedLabels(labels: ArrayLike<number>): number {
  let count = 0;
  for (let t = 1; t < labels.length; t++) if (labels[t] !== ignoredLabel) count++;
  return count;
}

type Filter = ((name: string) => boolean) | undefined;

function both(a: Filter, b: Filter): Filter {
  return a && b ? (name) => a(name) && b(name) : (a ?? b);
}
