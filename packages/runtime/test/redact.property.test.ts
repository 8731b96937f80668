import { array, assert, constantFrom, property, string, tuple } from "fast-check";
import { expect, test } from "vitest";
import { createRedactor } from "../src/redact.ts";

const encode: Record<string, (text: string) => string> = {
  percent: encodeURIComponent,
  "percent, every byte": (text) => Buffer.from(text).toString("hex").replace(/../g, "%$&"),
  form: (text) => new URLSearchParams({ a: text }).toString().slice(2),
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  "JSON for ASCII only": (text) =>
    text.replace(/[^\w]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`),
  "HTML by name": (text) =>
    text.replace(
      /[&<>"']/g,
      (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c] ?? "&apos;",
    ),
  "HTML by number": (text) => text.replace(/[^\w]/gu, (c) => `&#${c.codePointAt(0)};`),
  "HTML in hex": (text) =>
    text.replace(/[^\w]/gu, (c) => `&#x${c.codePointAt(0)?.toString(16).toUpperCase()};`),
};
/** A token of any characters, with a start and an end that do not occur in the text around it. */
const secrets = tuple(
  constantFrom("k", "7", "/"),
  string({ unit: "grapheme", minLength: 8, maxLength: 60 }),
  // No digits: one could be part of an escape that the text around the token completes.
  constantFrom("k", "/", "="),
).map((parts) => parts.join(""));
const encodings = array(constantFrom(...Object.keys(encode)), { maxLength: 3 });
const around = constantFrom("", " ", "<", "Bearer ", "t=", '"', "&");

test("redacts secrets in every encoding, and nothing else", () => {
  assert(
    property(
      array(secrets, { minLength: 1, maxLength: 3 }),
      encodings,
      around,
      around,
      (all, names, before, after) => {
        const redactor = createRedactor();
        for (const secret of all) redactor.add(secret);
        for (const secret of all) {
          const encoded = names.reduce((text, name) => encode[name]?.(text) ?? text, secret);
          const redacted = redactor.redact(`${before}${encoded}${after}`);
          expect(redacted).toBe(`${before}…${after}`);
        }
      },
    ),
    { numRuns: 500 },
  );
});
