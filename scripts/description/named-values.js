/**
 * Finds the values that a text names. JavaScript, because the house rules are.
 */

import {
  isUnambiguousState,
  isStateLike,
  isStateWord,
  statesInProse,
  valuesGivenTo,
} from "./state-words.js";

const word = String.raw`[\p{L}\p{N}](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?`;

// How Markdown and HTML texts mark a value.
const marks = [
  /`([^`]+)`/gu,
  new RegExp(String.raw`\*\*(${word})\*\*`, "gu"),
  new RegExp(String.raw`(?<![\p{L}\p{N}])["'“‘«](${word})["'”’»](?![\p{L}\p{N}])`, "gu"),
  new RegExp(String.raw`<(?:code|tt|b|strong|i|em)>\s*(${word})\s*</`, "giu"),
];

// Words in an enumeration that are not values.
const fillers = /^(?:etc|others?|more|so|on|null|none|any|all|the|an?|it)$/iu;

/**
 * Finds the values that a text names: marked values, and the items of an enumeration, in a line or as a
 * list, that contains at least two known values.
 *
 * @type {(text: string, known: readonly string[], isAboutThem?: boolean) => string[]}
 */
export function namedValues(text, known, isAboutThem = true) {
  const hasSameCase = letterCaseTest(known);
  const plain = withoutMarks(text);
  const markedMatches = isAboutThem ? markedValues(text) : [];
  const listed = [...enumerationsIn(plain), plain.split(/\n/u).flatMap(leadingValue)].filter(
    (run) => run.filter((value) => known.includes(value)).length >= Math.min(2, known.length),
  );
  const values = [
    ...markedMatches
      .filter(({ value, isCode }) => isCode || hasSameCase(value))
      .map(({ value }) => value),
    ...listed.flat().filter(hasSameCase),
  ];
  return [...new Set(values)].filter((value) => !fillers.test(value));
}

/**
 * Finds the values in a text that may be about anything: items of an enumeration with at least two known
 * values, marked values next to a known one, and values assigned to the property by its name. If the known
 * values are states, this includes words that can only be another state.
 *
 * @type {(text: string, known: readonly string[], property: string, isAboutThem?: boolean) => string[]}
 */
export function valuesMentioned(text, known, property, isAboutThem = true) {
  const hasSameCase = letterCaseTest(known);
  const areStates = known.every(isStateLike);
  const markedInText = markedValues(text);
  const values = [
    ...namedValues(text, known, false),
    ...coordinatedGroups(text, markedInText).flatMap((group) =>
      group.some((value) => known.includes(value)) ? group.filter(hasSameCase) : [],
    ),
    ...valuesGivenTo(text, property).filter(hasSameCase),
    ...(areStates
      ? [
          // Quotes and bold type also mark ordinary words.
          ...(isAboutThem ? markedInText : [])
            .filter(({ value, isCode }) =>
              (isCode ? isStateLike : isUnambiguousState)(value.toLowerCase()),
            )
            .map(({ value }) => value),
          ...statesInProse(withoutMarks(text)),
          ...enumerationsIn(withoutMarks(text))
            .filter((run) => run.some((value) => known.includes(value)))
            .flatMap((run) => run.filter(isStateWord)),
        ]
      : []),
  ];
  return [...new Set(values)].filter((value) => !fillers.test(value));
}

/**
 * The marked words of a text, with their positions.
 *
 * @type {(text: string) => { value: string, isCode: boolean, start: number, end: number }[]}
 */
function markedValues(text) {
  return marks
    .flatMap((mark) => [...text.matchAll(mark)])
    .map(({ 0: all, 1: value = "", index }) => ({
      value,
      isCode: /^(?:`|<code>|<tt>)/iu.test(all),
      start: index,
      end: index + all.length,
    }))
    .toSorted((left, right) => left.start - right.start);
}

/** @type {(text: string) => string} */
function withoutMarks(text) {
  return text.replace(/<[^<>]+>/gu, " ").replace(/[`"'“”‘’«»*]/gu, "");
}

const conjunction = /^(?:[\s,;/|]|→|->|<\/?\w+>|\b(?:or|and|then|to|until|nor|either)\b)+$/iu;

/**
 * Groups the marked values of a text: consecutive values form a group if only a conjunction separates them.
 *
 * @type {(text: string, markedInText: ReturnType<typeof markedValues>) => string[][]}
 */
function coordinatedGroups(text, markedInText) {
  /** @type {string[][]} */
  const groups = [];
  for (const [index, { value, start }] of markedInText.entries()) {
    const before = markedInText[index - 1];
    if (before && conjunction.test(text.slice(before.end, start))) groups.at(-1)?.push(value);
    else groups.push([value]);
  }
  return groups;
}

/**
 * Whether a text contains a value as a word.
 *
 * @type {(text: string, value: string) => boolean}
 */
export function hasWord(text, value) {
  const escaped = value.replace(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`);
  return new RegExp(String.raw`(?<![\p{L}\p{N}_-])${escaped}(?![\p{L}\p{N}_-])`, "u").test(text);
}

/**
 * Returns a test for the letter case of the known values, if they are all lower case or all upper case.
 *
 * @type {(known: readonly string[]) => (value: string) => boolean}
 */
function letterCaseTest(known) {
  const all = known.join("");
  if (all === all.toLowerCase()) return (value) => value === value.toLowerCase();
  if (all === all.toUpperCase()) return (value) => value === value.toUpperCase();
  return () => true;
}

const wholeItem = new RegExp(`^(${word})$`, "u");
const firstItem = new RegExp(String.raw`^(${word})\s*(?:[:=–—(]|-\s)`, "u");
const cue = String.raw`(?:example|e\.?g\.?|as|of|be|is|are|was|were|either|in|with|includ\w+|values?|states?|status\w*)`;
const lastItem = new RegExp(String.raw`(?:^|[\s(])${cue}\s+(${word})$|:\s*(${word})$`, "iu");
const explainedItem = new RegExp(
  String.raw`^(${word})\s+(?:when|if|once|after|while|because|by)\s`,
  "u",
);
const bullet = /^\s*(?:[-+•]|\d+[.)]|\|)?\s*/u;

/**
 * The enumerations in a text, sentence by sentence, as lists of words.
 *
 * @type {(text: string) => string[][]}
 */
function enumerationsIn(text) {
  return text.split(/\n|[.!?](?:\s|$)/u).flatMap((sentence) => {
    const parts = sentence
      .split(/[,;|/]|→|->|(?<![\p{L}\p{N}])(?:and\/or|or|and|then)(?![\p{L}\p{N}])/iu)
      .map((part) => part.replace(bullet, "").replace(/[\s).:]+$/u, ""))
      .filter((part) => part !== "");
    /** @type {string[][]} */
    const all = [[]];
    for (const part of parts) {
      const item = wholeItem.exec(part)?.[1] ?? firstItem.exec(part)?.[1];
      if (item !== undefined) all.at(-1)?.push(item);
      else {
        // It ends one enumeration, and may begin another.
        const [ending, beginning] = [explainedItem.exec(part)?.[1], lastValueOf(part)];
        if (ending !== undefined) all.at(-1)?.push(ending);
        all.push(beginning === undefined ? [] : [beginning]);
      }
    }
    return all;
  });
}

/** @type {(part: string) => string | undefined} */
function lastValueOf(part) {
  const [, afterCue, afterColon] = lastItem.exec(part) ?? [];
  return afterCue ?? afterColon;
}

/**
 * The first word of a line in a list or a table.
 *
 * @type {(line: string) => string[]}
 */
function leadingValue(line) {
  const text = line.replace(bullet, "");
  const value =
    firstItem.exec(`${text.trim()}:`)?.[1] ??
    new RegExp(String.raw`^(${word})\s*\|`, "u").exec(text)?.[1];
  return value === undefined ? [] : [value];
}
