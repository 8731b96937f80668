// A job that installs nothing uses this, so it is JavaScript without dependencies.

/**
 * What GitHub gives a meaning to: a mention, a closing keyword's issue, HTML, a link or a picture. It looks for
 * mentions and issues after it has decoded character references: `&#64;` and `&commat;` are `@`.
 */
export const active = /@|#(?=\d)|GH-|:\/\/|www\.|<|&(?=[#\w]+;)|\](?=[(:[])/giu;

/**
 * Puts an invisible word joiner after the first character of something active.
 *
 * @param {string} found
 */
export function insertWordJoiner(found) {
  return `${found.slice(0, 1)}\u2060${found.slice(1)}`;
}

/**
 * Neutralizes Markdown that third parties may have written, including the code in it. It reads as before.
 *
 * @param {string} text
 */
export function neutralizeMarkdown(text) {
  return text.replace(active, insertWordJoiner);
}
