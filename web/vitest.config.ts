import { defineConfig } from "vitest/config";
import { sourceFolder } from "./build/platform.ts";

/** The studio in a real browser: `npm run test:web` builds it first. What needs no browser runs with `npm test`. */
export default defineConfig({
  root: import.meta.dirname,
  resolve: { alias: [{ find: /^zoetrope\/(.+)$/, replacement: `${sourceFolder}/$1/index.ts` }] },
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    testTimeout: 120_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
