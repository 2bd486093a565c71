/**
 * Reads vitest's JSON report and prints one line: how many tests passed, failed and were skipped.
 *
 * A file that could not even be loaded has no tests to fail; it counts as one failure. So does a run that ended badly
 * without any failed test (an unhandled error).
 */
import { readFileSync } from "node:fs";

const report = JSON.parse(readFileSync(process.argv[2], "utf8"));
const unloaded = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
const counted = report.numFailedTests + unloaded.length;
const failed = report.success ? counted : Math.max(1, counted);
const skipped = report.numPendingTests + report.numTodoTests;
console.log(`${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
