/**
 * Answers as JSON, for schemas of moments: the model answers in its own words, core/text reads the spans out of them, and the
 * client gets these in the form that it asked for. Models here are not held to a grammar, so other schemas are refused rather
 * than promised.
 */
import { z } from "zod";
import { extractSpans, type SpanOptions } from "../core/text/index.ts";
import { invalid } from "./api-error.ts";

/** Where spans go: a list under a key, a list alone, or the first span alone. */
export type AnswerForm = Readonly<{
  place: Readonly<{ kind: "under"; key: string }> | Readonly<{ kind: "list" }> | Readonly<{ kind: "one" }>;
  start: string;
  end: string;
  isWhole: boolean;
  minItems: number;
  maxItems: number;
}>;

/** The text of a message; or null and why there is none. */
export type Content = Readonly<{ content: string; refusal: null }> | Readonly<{ content: null; refusal: string }>;

type Schema = Readonly<Record<string, unknown>>;

const param = "response_format";
const example =
  '{"type":"object","properties":{"spans":{"type":"array","items":{"type":"object","properties":{"start":{"type":"number"},"end":{"type":"number"}}}}}}';
const format = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("text") }),
  z.looseObject({ type: z.literal("json_object") }),
  z.looseObject({
    type: z.literal("json_schema"),
    json_schema: z.looseObject({ schema: z.record(z.string(), z.unknown()) }),
  }),
]);

/** The form behind a response_format; null for text. Throws an ApiError for what cannot be kept. */
export function answerForm(value: unknown): AnswerForm | null {
  if (value === null || value === undefined) return null;
  const parsed = format.safeParse(value);
  if (!parsed.success)
    throw invalid(param, 'Expected response_format of type "text" or "json_schema" with its schema.');
  if (parsed.data.type === "text") return null;
  if (parsed.data.type === "json_object") {
    throw invalid(
      param,
      `Expected a json_schema of spans, as models here are not held to JSON, got json_object. Send ${example}.`,
      "unsupported_format",
    );
  }
  return formOf(parsed.data.json_schema.schema);
}

const starts = ["start", "start_time", "begin", "from"];
const ends = ["end", "end_time", "finish", "to"];

function formOf(root: Schema): AnswerForm {
  const refuse = (reason: string) =>
    invalid(
      `${param}.json_schema.schema`,
      `Expected a schema of spans, got one that ${reason}. Send one like ${example}.`,
      "unsupported_schema",
    );
  const schema = resolve(root, root);
  const alone = spanFields(schema, root);
  if (alone) return { place: { kind: "one" }, ...alone, minItems: 1, maxItems: 1 };
  const form = (list: Schema, place: AnswerForm["place"]): AnswerForm => {
    const item = spanFields(resolve(list.items, root), root);
    if (!item) throw refuse("wants entries with something else than numbers named start and end");
    const bound = (name: string, otherwise: number) => (typeof list[name] === "number" ? list[name] : otherwise);
    return { place, ...item, minItems: bound("minItems", 0), maxItems: bound("maxItems", Infinity) };
  };
  if (schema.type === "array") return form(schema, { kind: "list" });
  const properties = Object.entries(asSchema(schema.properties));
  const lists = properties.filter(([, each]) => resolve(each, root).type === "array");
  const [key, list] = lists[0] ?? [];
  if (key === undefined || lists.length > 1) throw refuse("has no list of spans");
  const others = requiredOf(schema).filter((name) => name !== key);
  if (others.length > 0) throw refuse(`also requires "${others[0]}"`);
  return form(resolve(list, root), { kind: "under", key });
}

/** The names of the two numbers of a span, where it is one and wants nothing else. */
function spanFields(schema: Schema, root: Schema): Pick<AnswerForm, "start" | "end" | "isWhole"> | null {
  const properties = asSchema(schema.properties);
  const typeOf = (name: string) => resolve(properties[name], root).type;
  const isNumber = (name: string) => ["number", "integer"].some((type) => [typeOf(name)].flat().includes(type));
  const start = starts.find(isNumber);
  const end = ends.find(isNumber);
  if (start === undefined || end === undefined) return null;
  if (requiredOf(schema).some((name) => name !== start && name !== end)) return null;
  return { start, end, isWhole: typeOf(start) === "integer" };
}

/** A schema with its local reference followed ("#/$defs/Span"). */
function resolve(value: unknown, root: Schema): Schema {
  let schema = asSchema(value);
  for (let hops = 0; typeof schema.$ref === "string" && hops < 8; hops++) {
    const path = /^#\/(\$defs|definitions)\/(.+)$/.exec(schema.$ref);
    schema = asSchema(path ? asSchema(root[path[1] as string])[path[2] as string] : undefined);
  }
  return schema;
}

function asSchema(value: unknown): Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Schema) : {};
}

function requiredOf({ required }: Schema): string[] {
  return Array.isArray(required) ? required.map(String) : [];
}

/**
 * JSON that fits the form; or a refusal in words, where the text holds no span that would. A text that says that there is no
 * such moment is an empty list.
 */
export function formAnswer(text: string, form: AnswerForm, options: SpanOptions): Content {
  const read = extractSpans(text, options);
  const refuse = (reason: string): Content => ({
    content: null,
    refusal: `The model's answer could not be put into the form (${reason}): ${text}`,
  });
  if (read.kind === "unparsed" && read.reason !== "refused") return refuse(read.reason);
  const round = (seconds: number) => (form.isWhole ? Math.round(seconds) : Number(seconds.toFixed(3)));
  const spans = (read.kind === "spans" ? read.spans : [])
    .slice(0, form.maxItems)
    .map(({ start, end }) => ({ [form.start]: round(start), [form.end]: round(end) }));
  if (spans.length < form.minItems) return refuse(`${spans.length} spans`);
  const { place } = form;
  const value = place.kind === "one" ? spans[0] : place.kind === "list" ? spans : { [place.key]: spans };
  return { content: JSON.stringify(value), refusal: null };
}
