/**
 * Which values a text names. JavaScript, because the house rules are.
 */

import {
  isPlainState,
  isStateLike,
  isStateWord,
  statesInProse,
  valuesGivenTo,
} from "./state-words.js";

const word = String.raw`[\p{L}\p{N}](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?`;

// How texts in Markdown and HTML set a value apart.
const marks = [
  /`([^`]+)`/gu,
  new RegExp(String.raw`\*\*(${word})\*\*`, "gu"),
  new RegExp(String.raw`(?<![\p{L}\p{N}])["'“‘«](${word})["'”’»](?![\p{L}\p{N}])`, "gu"),
  new RegExp(String.raw`<(?:code|tt|b|strong|i|em)>\s*(${word})\s*</`, "giu"),
];

// What else stands in an enumeration.
const fillers = /^(?:etc|others?|more|so|on|null|none|any|all|the|an?|it)$/iu;

/**
 * Finds the values that a text names: those that are set apart, and those that stand in an
 * enumeration, in a line or as a list, of which two are known.
 *
 * @type {(text: string, known: readonly string[], isAboutThem?: boolean) => string[]}
 */
export function namedValues(text, known, isAboutThem = true) {
  const isLike = likeness(known);
  const plain = unmarked(text);
  const set = isAboutThem ? marked(text) : [];
  const listed = [...runs(plain), plain.split(/\n/u).flatMap(lead)].filter(
    (run) => run.filter((value) => known.includes(value)).length >= Math.min(2, known.length),
  );
  const values = [
    ...set.filter(({ value, isCode }) => isCode || isLike(value)).map(({ value }) => value),
    ...listed.flat().filter(isLike),
  ];
  return [...new Set(values)].filter((value) => !fillers.test(value));
}

/**
 * Finds the values that a text names which may be about anything: those in an enumeration of which two
 * are known, those set apart beside one that is known, those given to the property by its name, and,
 * where what is known are states, what can be nothing but another state.
 *
 * @type {(text: string, known: readonly string[], property: string, isAboutThem?: boolean) => string[]}
 */
export function valuesMentioned(text, known, property, isAboutThem = true) {
  const isLike = likeness(known);
  const areStates = known.every(isStateLike);
  const apart = marked(text);
  const values = [
    ...namedValues(text, known, false),
    ...coordinated(text, apart).flatMap((group) =>
      group.some((value) => known.includes(value)) ? group.filter(isLike) : [],
    ),
    ...valuesGivenTo(text, property).filter(isLike),
    ...(areStates
      ? [
          // Quotes and bold type are for ordinary words, too.
          ...(isAboutThem ? apart : [])
            .filter(({ value, isCode }) =>
              (isCode ? isStateLike : isPlainState)(value.toLowerCase()),
            )
            .map(({ value }) => value),
          ...statesInProse(unmarked(text)),
          ...runs(unmarked(text))
            .filter((run) => run.some((value) => known.includes(value)))
            .flatMap((run) => run.filter(isStateWord)),
        ]
      : []),
  ];
  return [...new Set(values)].filter((value) => !fillers.test(value));
}

/**
 * What a text sets apart, with where that begins and ends.
 *
 * @type {(text: string) => { value: string, isCode: boolean, start: number, end: number }[]}
 */
function marked(text) {
  return marks
    .flatMap((mark) => [...text.matchAll(mark)])
    .map(({ 0: all, 1: value = "", index }) => ({
      value,
      isCode: /^(?:`|<code>|<tt>)/iu.test(all),
      start: index,
      end: index + all.length,
    }))
    .toSorted((one, other) => one.start - other.start);
}

/** @type {(text: string) => string} */
function unmarked(text) {
  return text.replace(/<[^<>]+>/gu, " ").replace(/[`"'“”‘’«»*]/gu, "");
}

const conjunction = /^(?:[\s,;/|]|→|->|<\/?\w+>|\b(?:or|and|then|to|until|nor|either)\b)+$/iu;

/**
 * The values that a text sets apart, those together that only a conjunction is between.
 *
 * @type {(text: string, apart: ReturnType<typeof marked>) => string[][]}
 */
function coordinated(text, apart) {
  /** @type {string[][]} */
  const groups = [];
  for (const [index, { value, start }] of apart.entries()) {
    const before = apart[index - 1];
    if (before && conjunction.test(text.slice(before.end, start))) groups.at(-1)?.push(value);
    else groups.push([value]);
  }
  return groups;
}

/**
 * Whether a text has a value as a word.
 *
 * @type {(text: string, value: string) => boolean}
 */
export function hasWord(text, value) {
  const escaped = value.replace(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`);
  return new RegExp(String.raw`(?<![\p{L}\p{N}_-])${escaped}(?![\p{L}\p{N}_-])`, "u").test(text);
}

/**
 * Known values that are all in small letters, or all in capitals, have others like them.
 *
 * @type {(known: readonly string[]) => (value: string) => boolean}
 */
function likeness(known) {
  const all = known.join("");
  if (all === all.toLowerCase()) return (value) => value === value.toLowerCase();
  if (all === all.toUpperCase()) return (value) => value === value.toUpperCase();
  return () => true;
}

const whole = new RegExp(`^(${word})$`, "u");
const first = new RegExp(String.raw`^(${word})\s*(?:[:=–—(]|-\s)`, "u");
const cue = String.raw`(?:example|e\.?g\.?|as|of|be|is|are|was|were|either|in|with|includ\w+|values?|states?|status\w*)`;
const last = new RegExp(String.raw`(?:^|[\s(])${cue}\s+(${word})$|:\s*(${word})$`, "iu");
const explained = new RegExp(
  String.raw`^(${word})\s+(?:when|if|once|after|while|because|by)\s`,
  "u",
);
const bullet = /^\s*(?:[-+•]|\d+[.)]|\|)?\s*/u;

/**
 * The enumerations in each sentence, as lists of words.
 *
 * @type {(text: string) => string[][]}
 */
function runs(text) {
  return text.split(/\n|[.!?](?:\s|$)/u).flatMap((sentence) => {
    const parts = sentence
      .split(/[,;|/]|→|->|(?<![\p{L}\p{N}])(?:and\/or|or|and|then)(?![\p{L}\p{N}])/iu)
      .map((part) => part.replace(bullet, "").replace(/[\s).:]+$/u, ""))
      .filter((part) => part !== "");
    /** @type {string[][]} */
    const all = [[]];
    for (const part of parts) {
      const inside = whole.exec(part)?.[1] ?? first.exec(part)?.[1];
      if (inside !== undefined) all.at(-1)?.push(inside);
      else {
        // It ends one enumeration, and may begin another.
        const [ending, beginning] = [explained.exec(part)?.[1], lastOf(part)];
        if (ending !== undefined) all.at(-1)?.push(ending);
        all.push(beginning === undefined ? [] : [beginning]);
      }
    }
    return all;
  });
}

/** @type {(part: string) => string | undefined} */
function lastOf(part) {
  const [, afterCue, afterColon] = last.exec(part) ?? [];
  return afterCue ?? afterColon;
}

/**
 * The word that a line of a list or a table begins with.
 *
 * @type {(line: string) => string[]}
 */
function lead(line) {
  const text = line.replace(bullet, "");
  const value =
    first.exec(`${text.trim()}:`)?.[1] ??
    new RegExp(String.raw`^(${word})\s*\|`, "u").exec(text)?.[1];
  return value === undefined ? [] : [value];
}
