/** All reference kernels by ONNX operator. */
import { elementwise } from "./elementwise.ts";
import type { Kernel } from "./kernel.ts";
import { layout } from "./layout.ts";
import { lookups } from "./lookups.ts";
import { products } from "./products.ts";
import { reductions } from "./reductions.ts";
import { rotary } from "./rotary.ts";

export type { Value } from "./kernel.ts";

export const kernels: Readonly<Record<string, Kernel>> = {
  ...elementwise,
  ...layout,
  ...lookups,
  ...products,
  ...reductions,
  ...rotary,
};
