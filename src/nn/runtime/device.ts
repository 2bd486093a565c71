/**
 * Where graphs are computed, and what to say when that place is not there.
 */
export const devices = ["cpu", "webgpu"] as const;
export type Device = (typeof devices)[number];

const remedies: Readonly<Record<string, string>> = {
  linux:
    "Install the GPU's Vulkan driver (mesa-vulkan-drivers for AMD and Intel, NVIDIA's own for NVIDIA) with libvulkan1, and see " +
    "that vulkaninfo --summary lists the GPU",
  darwin: "WebGPU needs a Mac with Metal",
  win32: "Update the GPU's driver (Direct3D 12)",
};

/** ONNX Runtime's error for a session that could not be opened, in words that say what is missing. Others pass unchanged. */
export function deviceError(device: Device, error: unknown): unknown {
  if (device === "cpu" || !(error instanceof Error)) return error;
  const found = /Failed to get a WebGPU adapter[:.]?\s*(.*)/.exec(error.message);
  if (!found) return error;
  const remedy = remedies[process.platform] ?? remedies.linux;
  const reason = found[1]?.trim() || "no adapter";
  return new Error(
    `Expected a GPU that WebGPU can use, got none (${reason}). ${remedy}, or compute on the CPU: leave --device out.`,
    { cause: error },
  );
}

/** For a platform whose onnxruntime-node has no such provider. */
export function missingProvider(device: Device): Error {
  return new Error(
    `Expected a ${device} provider in onnxruntime-node, got none for ${process.platform} ${process.arch}. Compute on the CPU: leave --device out.`,
  );
}
