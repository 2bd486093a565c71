/** Leakage: what can be answered without captions, or without their order. */
export { type AskOptions, askModel, CONDITIONS, type Condition, type ConditionScore } from "./ask-model.ts";
export { type ItemSample, type LeakageItem, type SampleOptions, sampleItems } from "./item.ts";
export { type Check, checkLeakage, type LeakageReport, type OrderCheck } from "./leakage.ts";
