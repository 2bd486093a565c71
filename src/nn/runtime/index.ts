export { bucketFor, ExecutableCache } from "./buckets.ts";
export { type Device, devices } from "./device.ts";
export { download, upload } from "./device-memory.ts";
export {
  compile,
  type Executable,
  type Feeds,
  type MixedFeeds,
  type Outputs,
  type Results,
  type RunOptions,
} from "./executable.ts";
export { DeviceTensor, type Feed, type Fetch, type SessionOptions } from "./onnx-runtime.ts";
export { requireDevice } from "./require-device.ts";
export { ResidentArrays } from "./resident-arrays.ts";
