/** Yardsticks in eager PyTorch, each in a process of its own. Nothing but benches ever runs Python. */
import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";

/** Slower products are those of a BLAS that nobody compares with; a core of this century makes 20. */
const leastGflops = 10;

/**
 * What a script of yardsticks/ prints. Throws where this Python's PyTorch multiplies matrices with Debian's reference BLAS, thirty times
 * slower than OpenBLAS: such a comparison would flatter us.
 */
export function runYardstick(python: string, script: string, args: readonly number[], env = process.env): string {
  const run = (file: string, values: readonly number[]) =>
    execFileSync(python, [join(import.meta.dirname, "yardsticks", file), ...values.map(String)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
      env,
    });
  const gflops = Number(run("products.py", [availableParallelism()]));
  if (!(gflops >= leastGflops))
    throw new Error(
      `Expected a PyTorch with fast matrix products, got one of ${gflops.toFixed(1)} GFLOP/s. apt install libopenblas0-pthread.`,
    );
  return run(script, args);
}
