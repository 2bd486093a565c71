export * from "./activations.ts";
export { type AttentionOptions, attention, attentionWeights, rotaryEmbedding } from "./attention.ts";
export { broadcastShapes, sizeAt } from "./axes.ts";
export { broadcastTo, type ReduceOptions, reduceMean, reduceSum, reshape } from "./broadcast.ts";
export {
  add,
  cast,
  div,
  equal,
  exp,
  greater,
  log,
  mul,
  neg,
  rsqrt,
  scale,
  shift,
  sigmoid,
  sqrt,
  stopGradient,
  sub,
  tanh,
  where,
} from "./elementwise.ts";
export { forWebGpu } from "./for-webgpu.ts";
export { argmax, embedding, gatherRows, largest, oneHot, pickColumns } from "./gather.ts";
export { gradients } from "./gradients.ts";
export {
  type DType,
  describe,
  formatShape,
  Graph,
  type Node,
  type OpenShape,
  type Shape,
  type Source,
  sameShape,
  sizeOf,
  type Tensor,
} from "./graph.ts";
export { interpret, type ReferenceFeeds } from "./interpret.ts";
export { concat, padZeros, slice, split, transpose } from "./layout.ts";
export { type LinearOptions, linear, type MatmulOptions, matmul } from "./linear.ts";
export { type CrossEntropyOptions, crossEntropy } from "./loss.ts";
export { layerNorm, logSoftmax, normalize, rmsNorm, softmax } from "./normalisation.ts";
export { externalData, fedSources, nodeName, toOnnx } from "./onnx.ts";
