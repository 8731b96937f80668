/**
 * Which words of ordinary prose are states of something that is under way, and where prose says that
 * it has one. JavaScript, because the house rules are.
 */

// What nobody says of a job but to name its state.
const states = String.raw`cancell?(?:ed|ing)|(?:en)?queued|queue?ing|expired|abort(?:ed|ing)|paused|suspended|timed[ _-]?out|rejected|skipped|stopp(?:ed|ing)|interrupted|archived|superseded|stalled|blocked|throttled|scheduled|retr(?:ied|ying)|terminat(?:ed|ing)|killed|revoked|succeeded|errored|in[ _-]progress|on[ _-]hold|stuck|abandoned|crashed|deferred|purged|(?:partially|partly)[ _-](?:completed|succeeded|failed)`;

// What is said of much else besides.
const others = String.raw`ready|done|finish(?:ed|ing)|process(?:ed|ing)|start(?:ed|ing)|waiting|running|pending|complet(?:ed|e|ing)|failed|failing|success(?:ful)?|error|initiali[sz](?:ed|ing)|accepted|submitted|active|inactive|closed|opened|deleted|deleting|created|creating|idle|draft|partial|timeout`;

// Participles that are set apart in texts about APIs and name no state.
const ordinary =
  /^(?:string|required|deprecated|encoded|encoding|sorted|signed|unsigned|formatted|limited|unlimited|embed|ping|mixed|chunked|multipart|ascending|descending|gzipped|feed|speed|seed|need|heading|pricing|building|tracking|being|thing|during|listing|setting|token|hidden|open|screen)$/iu;

const isOnlyState = new RegExp(`^(?:${states})$`, "iu");
const isState = new RegExp(`^(?:${states}|${others})$`, "iu");
const participle = /^(?:\p{L}+[_-])*\p{L}{3,}(?:ed|ing)$/u;

/**
 * Whether a word that a text sets apart could be a state.
 *
 * @type {(word: string) => boolean}
 */
export function isStateLike(word) {
  return isState.test(word) || (participle.test(word) && !ordinary.test(word));
}

/**
 * Whether a word is a state of something under way, and of nothing else.
 *
 * @type {(word: string) => boolean}
 */
export function isPlainState(word) {
  return isOnlyState.test(word);
}

/**
 * Whether a word is a state, though nothing sets it apart.
 *
 * @type {(word: string) => boolean}
 */
export function isStateWord(word) {
  return isState.test(word);
}

const subject = String.raw`(?:jobs?|exports?|imports?|tasks?|runs?|operations?|it|they|status|state)`;
const verb = String.raw`(?:be|been|is|are|was|were|becomes?|became|gets?|got|stays?|stayed|remains?|turns?|ends?(?:\s+up)?(?:\s+(?:as|in))?|ended(?:\s+up)?(?:\s+(?:as|in))?|(?:goes|go|moves?|changes?|switch(?:es)?|transitions?|set)\s+to|(?:marked|reported|shown|listed)\s+as)`;
const adverb = String.raw`(?:(?:also|already|now|still|then|automatically|either|even|never|not|a|an|the)\s+){0,2}`;

// It may be cancelled; a job that is now expired; which ends up aborted.
const said = new RegExp(
  String.raw`\b${subject}(?:\s+[\w']+){0,4}?\s+${verb}\s+${adverb}(${states})(?![\p{L}\p{N}-])`,
  "giu",
);
// Cancelled jobs; an expired export; in the cancelled state.
const attributed = new RegExp(
  String.raw`(?<![\p{L}\p{N}-])(${states})\s+(?:\w+\s+){0,1}(?:jobs?|exports?|tasks?|runs?|state|status)(?![\p{L}\p{N}-])`,
  "giu",
);

/**
 * The states that plain prose says something under way to have.
 *
 * @type {(text: string) => string[]}
 */
export function statesInProse(text) {
  return [said, attributed].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, state = ""]) => state.toLowerCase()),
  );
}

/**
 * The values that a text gives to a property by its name: `status=cancelled`, `"status": "cancelled"`,
 * the status is `cancelled`.
 *
 * @type {(text: string, property: string) => string[]}
 */
export function valuesGivenTo(text, property) {
  const name = property.replace(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`);
  const quote = String.raw`["'“‘«\x60*]`;
  const value = String.raw`[\p{L}][\p{L}\p{N}_-]*`;
  const written = new RegExp(
    String.raw`(?<![\p{L}\p{N}_-])${name}${quote}*\s*(?::|={1,3}|!=)\s*(${quote}*)(${value})(?![\p{L}\p{N}_-])`,
    "giu",
  );
  const told = new RegExp(
    String.raw`(?<![\p{L}\p{N}_-])(?:${name}|status|state)${quote}*(?:(?:\s+[\w']+){0,3}?\s+(?:is|of|be|becomes|to|as|equals|in|was))?\s+(${quote}+|<code>)(${value})(?![\p{L}\p{N}_-])`,
    "giu",
  );
  const spoken = new RegExp(
    String.raw`(?<![\p{L}\p{N}_-])(?:${name}|status|state)\s+(?:is|becomes|was|may\s+be|can\s+be)\s+${adverb}(${value})(?![\p{L}\p{N}_-])`,
    "giu",
  );
  return [
    ...[...text.matchAll(written)]
      .filter(([, mark, word = ""]) => mark !== "" || isState.test(word))
      .map(([, , word = ""]) => word),
    ...[...text.matchAll(told)].map(([, , word = ""]) => word),
    ...[...text.matchAll(spoken)].map(([, word = ""]) => word).filter((word) => isState.test(word)),
  ];
}
