/** A data file that cannot be read: which file, which line, what is wrong and what to do. */
export class DataFileError extends Error {
  readonly path: string;
  /** Line in the file from 1; undefined where the whole file is at fault. */
  readonly line: number | undefined;

  constructor(path: string, line: number | undefined, problem: string) {
    super(`${path}${line === undefined ? "" : `:${line}`}: ${problem}`);
    this.name = "DataFileError";
    this.path = path;
    this.line = line;
  }
}
