import { defineConfig } from "vitest/config";

const report = process.env.ZOETROPE_TEST_REPORT;

export default defineConfig({
  // The studio imports the package by its name; its tests that need a browser run with `npm run test:web`.
  resolve: { alias: [{ find: /^zoetrope\/(.+)$/, replacement: `${import.meta.dirname}/src/$1/index.ts` }] },
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "recipes/**/*.test.ts", "web/src/**/*.test.ts"],
    pool: "forks",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // .ci/run counts from this file; vitest's own summary goes to the reader.
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
});
