/** Numbers: seeded draws, summaries, intervals and tests. */
export { type BootstrapOptions, clusterBootstrap, type Estimate, type Observation } from "./cluster-bootstrap.ts";
export { type Correlation, type Line, pearson, regressionLine, spearman } from "./correlation.ts";
export {
  type JointEstimate,
  type JointObservation,
  type JointOptions,
  jointBootstrap,
  type MeanOf,
} from "./joint-bootstrap.ts";
export { Rng } from "./rng.ts";
export { roundHalfEven } from "./round-half-even.ts";
export { signTest } from "./sign-test.ts";
export { mean, quantile } from "./statistics.ts";
