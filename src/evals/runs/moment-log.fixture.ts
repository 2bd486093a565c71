/** Run logs of any length, for tests and for the studio's bench. */
import { groundingRow } from "./grounding-row.ts";
import { shownFrames } from "./make-row.ts";
import { runConfig } from "./run-config.ts";
import { runLines } from "./write-run.ts";

export type MomentLogOptions = Readonly<{
  model: string;
  /** Samples. */
  n: number;
  rng: Readonly<{ uniform(low: number, high: number): number }>;
  query?: (i: number) => string;
}>;

/** A run log of moments: of every four samples one has no readable answer, the others an IoU of 0.5. */
export function momentLog({ model, n, rng, query = (i) => `event ${i}` }: MomentLogOptions): Uint8Array {
  const config = runConfig({
    ...{ task: "grounding", benchmark: "test", model, seed: 0, metric: "iou" },
    ...{ coverage: { samples: n, of: n }, parts: {} },
  });
  const rows = Array.from({ length: n }, (_, i) => {
    const start = rng.uniform(0, 20);
    const text = i % 4 === 0 ? `reply ${i}` : `From ${start} to ${start + 8} seconds.`;
    const about = { id: `s${i}`, video: `v${i % 500}.mp4`, query: query(i), duration: 30 };
    return groundingRow(
      {
        query: { ...about, truths: [{ start, end: start + 4 }] },
        answer: { kind: "text", text },
        place: i,
        prompt: "when?",
        temporal: { frames: shownFrames([{ time: 0, index: 0 }]), finish: "stop" },
      },
      { convention: "strict", units: { unit: "seconds", frameRate: 1 } },
    );
  });
  return Buffer.from([...runLines({ config, rows })].join(""));
}
