/** What the recipe of a training left beside it: the results in its own folder, opened with it. */
import { useEffect, useState } from "react";
import { readServedFile, type ServedFile } from "../parts/server-files.ts";
import { type RecipeResult, readResults, resultsOfRun } from "./results.ts";

type RunResults = Readonly<{ results: readonly RecipeResult[]; error: string | null }>;

const none: RunResults = { results: [], error: null };

/** Results of the run that these events belong to; none where the studio serves no files. */
export function useRunResults(served: readonly ServedFile[], events: string | null): RunResults {
  const [found, setFound] = useState(none);
  useEffect(() => {
    let isOver = false;
    const load = async (): Promise<RunResults> => {
      const results: RecipeResult[] = [];
      for (const { path } of resultsOfRun(served, events)) {
        try {
          results.push(...readResults(path, await readServedFile(path)));
        } catch (error) {
          return { results, error: `${path}: ${(error as Error).message}` };
        }
      }
      return { results, error: null };
    };
    void load().then((now) => {
      if (!isOver) setFound(now);
    });
    return () => {
      isOver = true;
    };
  }, [served, events]);
  return found;
}
