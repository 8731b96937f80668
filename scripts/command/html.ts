/** A piece of HTML that is trusted. Any other text gets into one through `html`, which escapes it. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

type Value = string | number | Html | readonly Html[];

/** Makes HTML of a template, and escapes the values in it that are not HTML themselves. */
export function html(template: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(
    String.raw({ raw: template }, ...values.map((value) => [value].flat().map(toHtml).join(""))),
  );
}

function toHtml(value: string | number | Html): string {
  return value instanceof Html ? value.toString() : escapeHtml(String(value));
}

const references: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes text for an element or for an attribute in quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => references[character] ?? "");
}
