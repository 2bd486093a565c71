/**
 * Which errors end a run, and which are about one question only.
 */
import { BudgetSpentError } from "./middleware/budget-spent-error.ts";
import { RequestError } from "./request-error.ts";

/** Would every other question meet the same error? A question that is refused, or that one server error spoilt, is not that. */
export function stopsRun(error: unknown): boolean {
  if (error instanceof BudgetSpentError) return true;
  return error instanceof RequestError && ["busy", "unreachable", "forbidden"].includes(error.fault);
}
