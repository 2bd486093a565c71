/** A value against its schema, with an error that names the field as clients wrote it. */
import type { z } from "zod";
import { invalid } from "./api-error.ts";

/** Throws an ApiError about the first fault; `at` is where the value stands in the body, "" for the body itself. */
export function parseFields<Schema extends z.ZodType>(schema: Schema, value: unknown, at: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = (issue?.path ?? []).map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  const param = `${at}${path}`.replace(/^\./, "").slice(0, 200);
  const where = param === "" ? "The body" : `"${param}"`;
  throw invalid(
    param === "" ? "body" : param,
    `${where} is not as expected: ${issue?.message ?? "unknown fault"}.`,
    "invalid_value",
  );
}
