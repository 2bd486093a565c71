import { defineConfig } from "vitest/config";
import { sourceFolder } from "./build/platform.ts";

const report = process.env.ZOETROPE_TEST_REPORT;

/** The studio in a real browser: `npm run test:web` builds it first. What needs no browser runs with `npm test`. */
export default defineConfig({
  root: import.meta.dirname,
  resolve: { alias: [{ find: /^zoetrope\/(.+)$/, replacement: `${sourceFolder}/$1/index.ts` }] },
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    testTimeout: 240_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
});
