/** Escapes what controls a terminal: a server's text must not move the cursor, or change the text direction. */
export function escapeControls(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Formats a line of JSON. Only strings contain what is escaped, and JSON reads the escapes as the characters. */
export function formatJson(value: unknown): string {
  return `${escapeControls(JSON.stringify(value))}\n`;
}
