/** The budget of requests, tokens or money is spent. What was answered before is kept; a larger budget goes on from there. */
export class BudgetSpentError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "BudgetSpentError";
  }
}
