/**
 * Reads vitest's JSON reports and prints one line: how many tests passed, failed and were skipped, over all of them.
 *
 * A file that could not even be loaded has no tests to fail; it counts as one failure. So does a run that ended badly
 * without any failed test (an unhandled error), and a report that was never written.
 */
import { readFileSync } from "node:fs";

const sums = { passed: 0, failed: 0, skipped: 0 };
for (const path of process.argv.slice(2)) {
  const text = readFileSync(path, "utf8");
  if (text === "") {
    sums.failed++;
    continue;
  }
  const report = JSON.parse(text);
  const unloaded = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  const counted = report.numFailedTests + unloaded.length;
  sums.passed += report.numPassedTests;
  sums.failed += report.success ? counted : Math.max(1, counted);
  sums.skipped += report.numPendingTests + report.numTodoTests;
}
const { passed, failed, skipped } = sums;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
