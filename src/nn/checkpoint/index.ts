/** Checkpoints in the Hugging Face layout: safetensors, shards, PEFT adapters; read with checks, written atomically. */
export {
  type Adapter,
  type AdapterConfig,
  adapterFile,
  adapterParameterName,
  isLoraName,
  readAdapter,
  writeAdapter,
} from "./adapter.ts";
export type { TensorData } from "./dtype.ts";
export {
  hasWeights,
  listWeights,
  loadWeights,
  readWeightFile,
  readWeights,
  type Shapes,
  type TensorSource,
  type Weights,
  weightFaults,
} from "./load-weights.ts";
export { availableMemory, gigabytes, memoryFault, weightBytes } from "./memory.ts";
export { readJson } from "./read-json.ts";
export { type FloatType, readSafetensors, type SafetensorsFile, writeSafetensors } from "./safetensors.ts";
export type { TensorInfo } from "./safetensors-header.ts";
export { type CheckpointContent, saveCheckpoint } from "./save-checkpoint.ts";
export { readTorchArchive } from "./torch-archive.ts";
export type { WeightFile } from "./weight-file.ts";
