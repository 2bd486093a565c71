/** Answers in the form of a schema; whether they fit is checked by zod's own reading of that schema. */
import { expect, test } from "vitest";
import { z } from "zod";
import { type AnswerForm, answerForm, formAnswer } from "./answer-form.ts";

const span = z.object({ start: z.number(), end: z.number() });
const formOf = (schema: unknown) =>
  answerForm({ type: "json_schema", json_schema: { name: "spans", schema, strict: true } }) as AnswerForm;

test.each<[string, z.ZodType, unknown]>([
  [
    "under a key",
    z.object({ spans: z.array(span) }),
    {
      spans: [
        { start: 2, end: 4.5 },
        { start: 7, end: 8 },
      ],
    },
  ],
  [
    "as a list",
    z.array(span),
    [
      { start: 2, end: 4.5 },
      { start: 7, end: 8 },
    ],
  ],
  ["one alone", span, { start: 2, end: 4.5 }],
  [
    "by other names",
    z.object({
      moments: z.array(z.object({ start_time: z.number(), end_time: z.number(), label: z.string().optional() })),
    }),
    {
      moments: [
        { start_time: 2, end_time: 4.5 },
        { start_time: 7, end_time: 8 },
      ],
    },
  ],
  [
    "in whole seconds",
    z.object({ spans: z.array(z.object({ start: z.int(), end: z.int() })) }),
    {
      spans: [
        { start: 2, end: 5 },
        { start: 7, end: 8 },
      ],
    },
  ],
  ["one at most", z.object({ spans: z.array(span).max(1) }), { spans: [{ start: 2, end: 4.5 }] }],
])("spans %s", (_, schema, expected) => {
  const form = formOf(z.toJSONSchema(schema));
  const { content } = formAnswer("From 2 to 4.5 seconds, and from 7 to 8 seconds.", form, {});
  expect(JSON.parse(content as string)).toEqual(expected);
  expect(schema.parse(JSON.parse(content as string))).toEqual(expected);
});

test("references within the schema are followed, as pydantic writes them", () => {
  const schema = {
    $defs: { Span: z.toJSONSchema(span) },
    type: "object",
    properties: { spans: { type: "array", items: { $ref: "#/$defs/Span" } } },
    required: ["spans"],
  };
  expect(formAnswer("2 s - 3 s", formOf(schema), {}).content).toBe('{"spans":[{"start":2,"end":3}]}');
});

test("frame numbers and percentages become seconds of the request's own video", () => {
  const form = formOf(z.toJSONSchema(z.object({ spans: z.array(span) })));
  const frameTimes = [0, 1.5, 3, 4.5];
  expect(formAnswer("From Frame 1 to Frame 3.", form, { frameTimes }).content).toBe(
    '{"spans":[{"start":1.5,"end":4.5}]}',
  );
  expect(formAnswer("from 10% to 50%", form, { duration: 20 }).content).toBe('{"spans":[{"start":2,"end":10}]}');
});

test("an answer that cannot be read is a refusal with its words, one that denies the moment is an empty list", () => {
  const form = formOf(z.toJSONSchema(z.object({ spans: z.array(span) })));
  expect(formAnswer("The circle is red.", form, {})).toEqual({
    content: null,
    refusal: expect.stringMatching(/\(no time\): The circle is red\.$/),
  });
  expect(formAnswer("The event does not occur in the video.", form, {}).content).toBe('{"spans":[]}');
  const one = formOf(z.toJSONSchema(span));
  expect(formAnswer("The event does not occur in the video.", one, {}).content).toBeNull();
});

test.each<[string, unknown, RegExp]>([
  ["JSON of any kind", { type: "json_object" }, /json_schema of spans/],
  ["an unknown type", { type: "grammar" }, /text.*json_schema/],
  ["no schema", { type: "json_schema" }, /text.*json_schema/],
  [
    "an answer in text",
    { type: "json_schema", json_schema: { schema: z.toJSONSchema(z.object({ answer: z.string() })) } },
    /no list of spans/,
  ],
  [
    "a list of texts",
    { type: "json_schema", json_schema: { schema: z.toJSONSchema(z.object({ a: z.array(z.string()) })) } },
    /something else than numbers/,
  ],
  [
    "spans with labels",
    {
      type: "json_schema",
      json_schema: { schema: z.toJSONSchema(z.object({ a: z.array(span.extend({ label: z.string() })) })) },
    },
    /something else than numbers/,
  ],
  [
    "spans and a summary",
    {
      type: "json_schema",
      json_schema: { schema: z.toJSONSchema(z.object({ a: z.array(span), summary: z.string() })) },
    },
    /also requires "summary"/,
  ],
  [
    "a reference in circles",
    { type: "json_schema", json_schema: { schema: { $ref: "#/$defs/A", $defs: { A: { $ref: "#/$defs/A" } } } } },
    /no list of spans/,
  ],
])("%s is refused with an example of what is not", (_, format, message) => {
  expect(() => answerForm(format)).toThrow(message);
});

test("text is no form", () => {
  for (const format of [null, undefined, { type: "text" }]) expect(answerForm(format)).toBeNull();
});
