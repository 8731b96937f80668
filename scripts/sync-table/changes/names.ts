import { absorbed, either, set, type Change, type Kind } from "../change.ts";

const field = (what: string, name: string): Change =>
  absorbed(
    `A field is called ${what}`,
    "minor",
    [set(`job.properties.${name.replaceAll(".", "~")}`, { type: "string" })],
    { type: [`ExportJob[${JSON.stringify(name)}]`, "string | undefined"] },
  );

/** Names that could become code or a prototype may be refused with a clear message. */
const mayBeRefused = (what: string, name: string): Change =>
  either(
    `A field is called ${what}`,
    "minor",
    ["ExportJobResponse/properties|__proto__"],
    [set(`job.properties.${name}`, { type: "string" })],
  );

export const names: Kind = {
  kind: "Names",
  changes: [
    field("constructor", "constructor"),
    field("with a hyphen", "event-count"),
    field("with a digit first", "2fa"),
    field("with a full stop", "meta.count"),
    field("with a space", "event count"),
    mayBeRefused("with a quote", "it's"),
    mayBeRefused("with the end of a comment", "a*/b"),
    mayBeRefused("with a line break", "a\nb"),
    field("in another script", "größe"),
    field("as a keyword: default", "default"),
    field("as a keyword: example", "example"),
    field("as a keyword: description", "description"),
    field("as a keyword: properties", "properties"),
    field("as a keyword: required", "required"),
    field("as a keyword: parameters", "parameters"),
    field("as a keyword: security", "security"),
    field("as an extension", "x-trace"),
    field("as a method", "get"),
    field("then", "then"),
    field("toString", "toString"),
  ],
};
