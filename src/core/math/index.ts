/** Numbers: seeded draws, summaries, intervals and tests. */
export { type BootstrapOptions, clusterBootstrap, type Estimate, type Observation } from "./cluster-bootstrap.ts";
export { Rng } from "./rng.ts";
export { signTest } from "./sign-test.ts";
export { mean, quantile } from "./statistics.ts";
