export { sampleFrames } from "./sample-frames.ts";
export { atRate, centres, linspace, type Sampler, type SamplerName, samplers } from "./samplers.ts";
