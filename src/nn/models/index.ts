/** Models of the LLaVA family: CLIP, Llama, Qwen2, LLaVA, LoRA; graphs to train them with, generation, verification. */
export {
  clipImageEmbeds,
  clipLogits,
  clipLoss,
  clipShapes,
  clipTextEmbeds,
  clipVisionHidden,
  clipVisionShapes,
  endRows,
  patchesPerImage,
} from "./clip.ts";
export { type ClipConfig, type ClipTextConfig, type ClipVisionConfig, clipConfigSchema } from "./clip-config.ts";
export { decoderLayers, decoderLogits, decoderShapes } from "./decoder.ts";
export { type DecoderConfig, decoderConfigSchema, type LlamaConfig, type Qwen2Config } from "./decoder-config.ts";
export { DecoderGradients, type DecoderGradientsOptions, type Run } from "./decoder-gradients.ts";
export type { RunShape } from "./decoder-segments.ts";
export { type CheckpointDescription, describeCheckpoint } from "./describe-checkpoint.ts";
export { type Eyes, type PixelSize, unitShape, visualRows } from "./eyes.ts";
export { eyesOf } from "./eyes-of.ts";
export { decoderOf, type GenerativeConfig, isBlind, type SeeingConfig } from "./generative-config.ts";
export { type Generated, type GenerateOptions, Generator, type GeneratorOptions } from "./generator.ts";
export { initialWeights } from "./initial-weights.ts";
export { ignoredLabel, languageFeeds, type Sequence } from "./language-batch.ts";
export {
  type BatchShape,
  imageShape,
  type LanguageConfig,
  type LanguageOutputs,
  languageForward,
  languageShapes,
} from "./language-model.ts";
export { llavaEyes, llavaParameterName, llavaProject, llavaShapes, llavaVisionFeatures, mergeImages } from "./llava.ts";
export { type LlavaConfig, llavaConfigSchema, tokensPerImage } from "./llava-config.ts";
export { type LoadedModel, loadModel } from "./load-model.ts";
export {
  initialLoraWeights,
  loraModules,
  loraScaling,
  loraShapes,
  mergeLora,
  mergeLoraInPlace,
  stackAdapters,
} from "./lora.ts";
export { type ModelConfig, parseModelConfig, readModelConfig, writesText } from "./model-config.ts";
export { modelShapes, parameterName } from "./model-shapes.ts";
export { bindWeights, type ModelWeights } from "./model-weights.ts";
export { mropePositions, type RotaryPositions, type VisualGrid } from "./mrope.ts";
export { type OpenCheckpoint, openCheckpoint } from "./open-checkpoint.ts";
export { countTargets, runFeeds, type TrainingRow } from "./packed-run.ts";
export { peftModuleName, peftTargets } from "./peft-names.ts";
export type { Prompt } from "./prompt-embeddings.ts";
export { type QuantisationLoss, quantisationLoss } from "./quantisation-loss.ts";
export { loadedBytes, type WeightType, weightTypes } from "./quantise-weights.ts";
export {
  dequantisedRow,
  type QuantisedBits,
  type QuantisedMatrix,
  type QuantisedWeights,
  quantise,
} from "./quantised-matrix.ts";
export { chooseToken, logProbabilities, type SamplingOptions, type TokenScore } from "./sampling.ts";
export { siglipNormed, siglipPooled, siglipVisionHidden, siglipVisionShapes } from "./siglip.ts";
export type { SiglipVisionConfig } from "./siglip-config.ts";
export { clipTraining, languageTraining, type TrainingGraph, type TrainingOptions } from "./training-graph.ts";
export { meetsThresholds, type Verification, verificationThresholds, verifyCheckpoint } from "./verify-checkpoint.ts";
export { VisualEncoder, type VisualEncoderOptions } from "./visual-encoder.ts";
export type { VtimellmConfig } from "./vtimellm-config.ts";
export {
  type Cut,
  type GroupedPrompt,
  type Intervention,
  type Observation,
  type ObserveOptions,
  type Skip,
  type TargetToken,
  WhiteBox,
  type WhiteBoxOptions,
} from "./white-box.ts";
