/**
 * Names that a module does not export are undefined in the bundle (shimMissingExports): that is meant for Node's own modules,
 * and a mistake anywhere else.
 */
type Log = { code?: string | undefined; message: string };

/** For `rolldownOptions.onLog`: silent about Node's modules, an error about others, everything else goes on. */
export function onLog<L, T extends Log>(level: L, log: T, next: (level: L, log: T) => void): void {
  if (log.code !== "SHIMMED_EXPORT") next(level, log);
  else if (!/node-absent|platform\/node\//.test(log.message)) throw new Error(log.message);
}
