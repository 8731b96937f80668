/**
 * Recognizes words of ordinary prose that are states of a job, and statements that a job is in a state.
 * JavaScript, because the house rules are.
 */

// Words that only describe the state of a job.
const stateOnlyWords = String.raw`cancell?(?:ed|ing)|(?:en)?queued|queue?ing|expired|abort(?:ed|ing)|paused|suspended|timed[ _-]?out|rejected|skipped|stopp(?:ed|ing)|interrupted|archived|superseded|stalled|blocked|throttled|scheduled|retr(?:ied|ying)|terminat(?:ed|ing)|killed|revoked|succeeded|errored|in[ _-]progress|on[ _-]hold|stuck|abandoned|crashed|deferred|purged|(?:partially|partly)[ _-](?:completed|succeeded|failed)`;

// Words that also describe many other subjects.
const ambiguousStates = String.raw`ready|done|finish(?:ed|ing)|process(?:ed|ing)|start(?:ed|ing)|waiting|running|pending|complet(?:ed|e|ing)|failed|failing|success(?:ful)?|error|initiali[sz](?:ed|ing)|accepted|submitted|active|inactive|closed|opened|deleted|deleting|created|creating|idle|draft|partial|timeout`;

// Participles that texts about APIs set apart and that are not states.
const nonStates =
  /^(?:string|required|deprecated|encoded|encoding|sorted|signed|unsigned|formatted|limited|unlimited|embed|ping|mixed|chunked|multipart|ascending|descending|gzipped|feed|speed|seed|need|heading|pricing|building|tracking|being|thing|during|listing|setting|token|hidden|open|screen)$/iu;

const stateOnlyPattern = new RegExp(`^(?:${stateOnlyWords})$`, "iu");
const statePattern = new RegExp(`^(?:${stateOnlyWords}|${ambiguousStates})$`, "iu");
const participle = /^(?:\p{L}+[_-])*\p{L}{3,}(?:ed|ing)$/u;

/**
 * Whether a marked word could be a state.
 *
 * @type {(word: string) => boolean}
 */
export function isStateLike(word) {
  return statePattern.test(word) || (participle.test(word) && !nonStates.test(word));
}

/**
 * Whether a word can only be the state of a job.
 *
 * @type {(word: string) => boolean}
 */
export function isUnambiguousState(word) {
  return stateOnlyPattern.test(word);
}

/**
 * Whether an unmarked word is a state.
 *
 * @type {(word: string) => boolean}
 */
export function isStateWord(word) {
  return statePattern.test(word);
}

const subject = String.raw`(?:jobs?|exports?|imports?|tasks?|runs?|operations?|it|they|status|state)`;
const verb = String.raw`(?:be|been|is|are|was|were|becomes?|became|gets?|got|stays?|stayed|remains?|turns?|ends?(?:\s+up)?(?:\s+(?:as|in))?|ended(?:\s+up)?(?:\s+(?:as|in))?|(?:goes|go|moves?|changes?|switch(?:es)?|transitions?|set)\s+to|(?:marked|reported|shown|listed)\s+as)`;
const adverb = String.raw`(?:(?:also|already|now|still|then|automatically|either|even|never|not|a|an|the)\s+){0,2}`;

// Statements: It may be cancelled; a job that is now expired; which ends up aborted.
const statement = new RegExp(
  String.raw`\b${subject}(?:\s+[\w']+){0,4}?\s+${verb}\s+${adverb}(${stateOnlyWords})(?![\p{L}\p{N}-])`,
  "giu",
);
// Attributes: Cancelled jobs; an expired export; in the cancelled state.
const attributed = new RegExp(
  String.raw`(?<![\p{L}\p{N}-])(${stateOnlyWords})\s+(?:\w+\s+){0,1}(?:jobs?|exports?|tasks?|runs?|state|status)(?![\p{L}\p{N}-])`,
  "giu",
);

/**
 * The states that plain prose attributes to a job.
 *
 * @type {(text: string) => string[]}
 */
export function statesInProse(text) {
  return [statement, attributed].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, state = ""]) => state.toLowerCase()),
  );
}

/**
 * The values that a text assigns to a property by its name: `status=cancelled`, `"status": "cancelled"`,
 * the status is `cancelled`.
 *
 * @type {(text: string, property: string) => string[]}
 */
export function valuesGivenTo(text, property) {
  const name = property.replace(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`);
  const quote = String.raw`["'“‘«\x60*]`;
  const value = String.raw`[\p{L}][\p{L}\p{N}_-]*`;
  const assigned = new RegExp(
    String.raw`(?<![\p{L}\p{N}_-])${name}${quote}*\s*(?::|={1,3}|!=)\s*(${quote}*)(${value})(?![\p{L}\p{N}_-])`,
    "giu",
  );
  const marked = new RegExp(
    String.raw`(?<![\p{L}\p{N}_-])(?:${name}|status|state)${quote}*(?:(?:\s+[\w']+){0,3}?\s+(?:is|of|be|becomes|to|as|equals|in|was))?\s+(${quote}+|<code>)(${value})(?![\p{L}\p{N}_-])`,
    "giu",
  );
  const unmarked = new RegExp(
    String.raw`(?<![\p{L}\p{N}_-])(?:${name}|status|state)\s+(?:is|becomes|was|may\s+be|can\s+be)\s+${adverb}(${value})(?![\p{L}\p{N}_-])`,
    "giu",
  );
  return [
    ...[...text.matchAll(assigned)]
      .filter(([, mark, word = ""]) => mark !== "" || statePattern.test(word))
      .map(([, , word = ""]) => word),
    ...[...text.matchAll(marked)].map(([, , word = ""]) => word),
    ...[...text.matchAll(unmarked)]
      .map(([, word = ""]) => word)
      .filter((word) => statePattern.test(word)),
  ];
}
