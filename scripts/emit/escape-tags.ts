/**
 * Escapes each `@` of a text that would begin a tag in a TSDoc comment. TypeScript begins one after any white
 * space, not only in a new line. Links stay as they are.
 */
export function escapeTags(text: string): string {
  // TypeScript's white space includes U+0085 and U+200B, unlike that of a regular expression.
  return text.replace(/(?<=^|[\s\u0085\u200b])@(?=\S)|(?<=\{)@(?!link)/gmu, "\\@");
}
