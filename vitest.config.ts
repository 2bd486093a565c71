import { defineConfig } from "vitest/config";

const report = process.env.ZOETROPE_TEST_REPORT;

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "recipes/**/*.test.ts"],
    pool: "forks",
    testTimeout: 60_000,
    // .ci/run counts from this file; vitest's own summary goes to the reader.
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
});
