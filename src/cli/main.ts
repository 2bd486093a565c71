#!/usr/bin/env node
/**
 * Where the process begins: pipes that close early are no error, and the exit status is the run's.
 */
import { run } from "./run.ts";

for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // The reader has gone (`| head`): nobody is left to tell.
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
}

process.exitCode = await run(process.argv.slice(2));
