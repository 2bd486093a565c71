/**
 * The training loop of every recipe: batch -> loss and gradients -> clipped AdamW step, on a cosine schedule with warm-up.
 *
 * What is computed comes from an Objective, what it is computed on from a BatchSource; several stages in a row are in
 * stages.ts, keeping the terminal alive meanwhile in run-in-worker.ts.
 */
import { setImmediate as eventLoopTurn } from "node:timers/promises";
import type { TensorData } from "../nn/checkpoint/index.ts";
import { cosineWithWarmup } from "../nn/optim/index.ts";
import { openRun } from "./open-run.ts";
import { movingPace } from "./pace.ts";
import type { TrainOptions } from "./train-options.ts";
import { TrainingDiverged } from "./training-diverged.ts";
import { newestStateFolder, writeTrainingState } from "./training-state.ts";

export type TrainResult = Readonly<{
  /** All weights that were given, the trained ones with their new values. */
  weights: Map<string, TensorData>;
  /** Loss of each step of this call; fewer than `steps` when the run was resumed. */
  losses: readonly number[];
  /** In this and earlier calls. */
  seconds: number;
}>;

/**
 * Train, from the checkpoint in `checkpoint.dir` where there is one: the losses are those of an uninterrupted run to the
 * last bit (same machine, same number of threads). Throws TrainingDiverged, an AbortError, or an Error that says what to do.
 */
export async function train<Batch, Shape>(options: TrainOptions<Batch, Shape>): Promise<TrainResult> {
  const run = await openRun(options);
  const { step: computing, weights, steps, first } = run;
  const { stage, source, clip = 1, signal, validate, onEvent } = options;
  const pace = movingPace();
  const losses: number[] = [];
  let seconds = run.seconds;
  let saved = first;
  const save = async (step: number) => {
    if (!options.checkpoint || saved === step) return;
    await computing.synchronise();
    const optimizer = await computing.state();
    const isKept = (name: string) => !options.checkpoint?.trainedOnly || optimizer.first[name] !== undefined;
    const folder = writeTrainingState(options.checkpoint.dir, {
      ...{ stage, step, seconds, config: run.config, optimizer },
      weights: new Map([...weights].filter(([name]) => isKept(name))),
      ...(options.checkpoint.model && { model: options.checkpoint.model }),
    });
    saved = step;
    onEvent?.({ type: "checkpoint", stage, step, folder });
  };
  try {
    onEvent?.({ type: "start", stage, step: first, steps, parameters: run.parameters, notes: run.notes });
    for (let step = first; step < steps; step++) {
      if (signal?.aborted) {
        if (step > first) await save(step);
        throw abortError(options, step);
      }
      const began = performance.now();
      const batch = await source(step);
      const { loss, gradNorm, compiled } = await computing.gradients(batch);
      if (!Number.isFinite(loss) || !Number.isFinite(gradNorm)) {
        throw new TrainingDiverged({ stage, step, loss, gradNorm }, divergenceAdvice(options));
      }
      const lr = cosineWithWarmup(step, run.schedule);
      await computing.update(lr, gradNorm, clip);
      losses.push(loss);
      const spent = (performance.now() - began) / 1000;
      seconds += spent;
      const tokens = options.objective.tokens(batch);
      // A step that compiled is slow for once; it would spoil the estimate.
      const { secondsPerStep, tokensPerSecond } = compiled ? pace.peek(spent, tokens) : pace.note(spent, tokens);
      const done = step + 1;
      const etaSeconds = (steps - done) * secondsPerStep;
      onEvent?.({
        type: "step",
        stage,
        step: done,
        steps,
        loss,
        lr,
        gradNorm,
        tokens,
        tokensPerSecond,
        seconds,
        etaSeconds,
      });
      if (validate && (done % validate.every === 0 || done === steps)) {
        await computing.synchronise();
        onEvent?.({ type: "validation", stage, step: done, values: await validate.run(weights, done) });
      }
      if (done === steps || done % run.every === 0) await save(done);
      // Computing blocks the thread; an abort message or a Ctrl-C gets its turn here.
      await eventLoopTurn();
    }
    await computing.synchronise();
    return { weights, losses, seconds };
  } finally {
    await computing.dispose();
  }
}

function divergenceAdvice<Batch, Shape>({ checkpoint, optimizer }: TrainOptions<Batch, Shape>): string {
  const newest = checkpoint && newestStateFolder(checkpoint.dir);
  const lower = `Lower the learning rate (peak ${optimizer.peak}) or check the batch of this step`;
  if (newest === undefined) return `${lower}, and start again.`;
  return `${lower}, and start a new run from the weights in the last good checkpoint, ${newest}.`;
}

function abortError<Batch, Shape>(
  { stage, steps, checkpoint }: TrainOptions<Batch, Shape>,
  step: number,
): DOMException {
  const rest = checkpoint ? ` Run the same again to go on from ${checkpoint.dir}.` : "";
  return new DOMException(`Stopped stage "${stage}" after ${step} of ${steps} steps.${rest}`, "AbortError");
}
