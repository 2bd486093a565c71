/**
 * What goes wrong with a video file: the one error class of this folder that callers handle.
 */
export class VideoError extends Error {
  /** Path as the caller gave it. */
  readonly file: string;

  /**
   * `reason` completes "Cannot read <file>: ..." without a full stop, `remedy` is a sentence that says what to do. The
   * underlying error, where there is one, travels as `cause`.
   */
  constructor(file: string, reason: string, remedy: string, cause?: unknown) {
    super(`Cannot read ${JSON.stringify(file)}: ${reason}. ${remedy}`, { cause });
    this.name = "VideoError";
    this.file = file;
  }
}

/** The message of a thrown value, without a trailing full stop. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/[.\s]+$/, "");
}
