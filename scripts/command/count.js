/**
 * A number of things for people: `1 operation`, `2 operations`.
 *
 * @param {number} number
 * @param {string} noun in the singular
 */
export function count(number, noun) {
  return `${number} ${number === 1 ? noun : `${noun}s`}`;
}
