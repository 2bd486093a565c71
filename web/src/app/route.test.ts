/** Oracle: the inverse. */
import { expect, test } from "vitest";
import { formatRoute, parseRoute } from "./route.ts";

test("what is written is read back, whatever the text", () => {
  const values = { q: 'a & b = c # "d" é', sample: "red-circle" };
  expect(parseRoute(formatRoute({ page: "runs", values }))).toEqual({ page: "runs", values });
});

test("an unknown page is the first one", () => {
  expect(parseRoute("#/nowhere?x=1").page).toBe("watch");
  expect(parseRoute("").page).toBe("watch");
});
