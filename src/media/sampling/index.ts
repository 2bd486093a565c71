export { everyTwoSeconds, interior, linspaceRound, segmentMiddles } from "./peer-samplers.ts";
export { sampleFrames } from "./sample-frames.ts";
export { atRate, centres, linspace, type Sampler, type SamplerName, samplers } from "./samplers.ts";
