/**
 * R@1 at IoU thresholds and mIoU of temporal grounding, in percent over queries, with intervals clustered by video.
 */
import { type BootstrapOptions, clusterBootstrap, type Estimate } from "../math/index.ts";

/** The iou of one query's first prediction (0 where it has none), and its video. */
export type QueryIou = Readonly<{ iou: number; cluster: string }>;

export const recallThresholds = { r1At03: 0.3, r1At05: 0.5, r1At07: 0.7 } as const;
export type GroundingFigure = keyof typeof recallThresholds | "miou";

/** Percent over queries: the threshold itself is a hit. */
export type GroundingFigures = Readonly<Record<GroundingFigure, number | null>>;

export function groundingFigures(ious: readonly number[]): GroundingFigures {
  const share = (value: (iou: number) => number) =>
    ious.length === 0 ? null : (100 * ious.reduce((sum, iou) => sum + value(iou), 0)) / ious.length;
  const recall = (threshold: number) => share((iou) => (iou >= threshold ? 1 : 0));
  const { r1At03, r1At05, r1At07 } = recallThresholds;
  return { r1At03: recall(r1At03), r1At05: recall(r1At05), r1At07: recall(r1At07), miou: share((iou) => iou) };
}

/** The same with 95 % intervals; `rng` is forked by figure. */
export function groundingEstimates(
  queries: readonly QueryIou[],
  options: BootstrapOptions,
): Readonly<Record<GroundingFigure, Estimate>> {
  const estimate = (name: string, value: (iou: number) => number): Estimate =>
    clusterBootstrap(
      queries.map(({ iou, cluster }) => ({ value: 100 * value(iou), cluster })),
      [0, 100],
      { ...options, rng: options.rng.fork(name) },
    );
  const recall = (name: keyof typeof recallThresholds) =>
    estimate(name, (iou) => (iou >= recallThresholds[name] ? 1 : 0));
  const miou = estimate("miou", (iou) => iou);
  return { r1At03: recall("r1At03"), r1At05: recall("r1At05"), r1At07: recall("r1At07"), miou };
}
