/** Run logs of any length, for tests and for the studio's bench. */

export type MomentLogOptions = Readonly<{
  model: string;
  /** Samples. */
  n: number;
  rng: Readonly<{ uniform(low: number, high: number): number }>;
  query?: (i: number) => string;
}>;

/** A run log of moments with IoUs that are known. */
export function momentLog({ model, n, rng, query = (i) => `event ${i}` }: MomentLogOptions): Uint8Array {
  const names = [
    "benchmark",
    "data",
    "coverage",
    "look",
    "model",
    "prompt",
    "sampler",
    "decoder",
    "shape",
    "generation",
    "parser",
    "judge",
    "seed",
  ];
  const fingerprint = { hash: model, parts: Object.fromEntries(names.map((name) => [name, null])) };
  const config = {
    ...{ task: "grounding", benchmark: "test", profile: null, model, look: "video", seed: 0, metric: "iou" },
    ...{ coverage: { samples: n, of: n }, fingerprint, settings: {} },
  };
  const rows = Array.from({ length: n }, (_, i) => {
    const start = rng.uniform(0, 20);
    const iou = i % 4 === 0 ? 0 : 0.5;
    const temporal = {
      ...{ frames: [{ i: 0, pts: 0, src_index: 0 }], sampler: null, decoder: null, clip: null, media: null },
      spans_gt: [[start, start + 4]],
      spans_pred: i % 4 === 0 ? [] : [[start, start + 8]],
      parse: {
        status: i % 4 === 0 ? "unparsed" : "read",
        rule: null,
        reason: i % 4 === 0 ? "no time" : null,
        raw: null,
      },
      finish: "stop",
    };
    return {
      doc_id: i,
      doc: { id: `s${i}`, video: `v${i % 500}.mp4`, query: query(i), duration: 30 },
      ...{
        target: "",
        input: "when?",
        arguments: [["when?", {}]],
        resps: [[`reply ${i}`]],
        filtered_resps: [`reply ${i}`],
      },
      ...{ doc_hash: `${i}`, prompt_hash: "p", target_hash: "t", metrics: ["iou"], iou, temporal },
    };
  });
  const lines = [{ format: "zoetrope-run", version: 2, config }, ...rows];
  return Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}
