export { bucketFor, ExecutableCache } from "./buckets.ts";
export { compile, type Executable, type Feeds, type Outputs, type RunOptions } from "./executable.ts";
export type { Device, Feed, Fetch, SessionOptions } from "./onnx-runtime.ts";
