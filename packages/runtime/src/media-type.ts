/** Whether a media type is JSON. JSON Lines and JSON sequences are not: they are streams. */
export function isJson(mediaType: string): boolean {
  return /^(?:\*\/\*|application\/json|[^;]+\+json)\s*(?:;|$)/i.test(mediaType);
}
