/**
 * The end of a run whose numbers left the finite.
 */
export class TrainingDiverged extends Error {
  override readonly name = "TrainingDiverged";
  /** The stage, as the options named it. */
  readonly stage: string;
  /** Finished steps before the one that failed. */
  readonly step: number;
  readonly loss: number;
  readonly gradNorm: number;

  constructor(at: Readonly<{ stage: string; step: number; loss: number; gradNorm: number }>, advice: string) {
    const what = Number.isFinite(at.loss) ? `gradients of norm ${at.gradNorm}` : `a loss of ${at.loss}`;
    super(`Expected finite numbers in stage "${at.stage}", got ${what} in step ${at.step + 1}. ${advice}`);
    this.stage = at.stage;
    this.step = at.step;
    this.loss = at.loss;
    this.gradNorm = at.gradNorm;
  }
}
