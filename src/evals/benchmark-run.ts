/** What a run of a benchmark is asked for, and a question of it that is about to be put. */
import type { ChatModel } from "../chat/index.ts";
import type { SamplerName } from "../media/sampling/index.ts";
import type { Asked } from "./ask-videos.ts";
import type { BenchmarkItem, OpenBenchmark } from "./benchmarks/index.ts";
import type { Look } from "./look.ts";

export type RunBenchmarkOptions = Readonly<{
  benchmark: OpenBenchmark;
  /** What is asked; the benchmark's items or some of them. */
  items: readonly BenchmarkItem[];
  /** Folder of the benchmark's files. */
  data: string;
  model: ChatModel;
  sampler: SamplerName;
  /** Frames a video at most. */
  frames: number;
  looks: readonly Look[];
  /** Folder of the run. */
  output: string;
  seed: number;
  signal?: AbortSignal;
  onProgress?: (done: number, problems: number) => void;
}>;

/** A question of a benchmark about to be asked, with what the model will see. */
export type AskedItem = Asked<BenchmarkItem>;
