/**
 * Markup that cannot forget to escape: `html` escapes every value that is not itself markup.
 */
export type Markup = Readonly<{ markup: string }>;
export type Content = string | number | Markup | null | undefined | readonly Content[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text made safe between tags and inside quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] as string);
}

/** A template: markup and lists of markup go in as they are, null and undefined as nothing, all else escaped. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return { markup: parts.reduce((text, part, i) => text + render(values[i - 1]) + part) };
}

function render(content: Content): string {
  if (content === null || content === undefined) return "";
  if (typeof content === "string") return escapeHtml(content);
  if (typeof content === "number") return String(content);
  return "markup" in content ? content.markup : content.map(render).join("");
}
