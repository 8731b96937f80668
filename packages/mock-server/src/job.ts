import type { Node } from "./document.ts";
import type { Download } from "./download.ts";
import { defaultOrgId } from "./events.ts";
import type { JobFacts } from "./job-facts.ts";
import { isPlainObject, isNonEmptyString, type OptionKinds } from "./options.ts";

/** The steps of a job, one for each status request, and the events that it exports. */
export interface MockJob {
  /** How the job ends if there are no `steps`; `"completed"` by default. */
  readonly outcome?: "completed" | "failed";
  /**
   * The responses to the first, second, … status request. The last one is repeated.
   *
   * A step only needs the fields that matter. Its state is the initial state by default. The server adds
   * the fields that the schema requires, and those that belong to the state (for a completed job:
   * `download_url`, `completed_at`, `total_records`, `progress`, if the schema has them). `null` clears a
   * field. By default the job passes through all its states, with progress at 25, 50 and 75 percent, and
   * ends with its `outcome`.
   *
   * If the description does not allow a step, the response is a 500 that says why.
   */
  readonly steps?: readonly Node[];
  /** The events of the download, one JSON object per line; a few invented ones by default. */
  readonly events?: readonly Node[];
  /** The organization of the job and its default events, a UUID; always the same by default. */
  readonly orgId?: string;
}

const isObjects = (value: unknown): boolean => Array.isArray(value) && value.every(isPlainObject);

export const jobOptionKinds: OptionKinds<MockJob> = {
  outcome: ['"completed" or "failed"', (value) => value === "completed" || value === "failed"],
  steps: ["a list of objects", isObjects],
  events: ["a list of objects", isObjects],
  orgId: ["a non-empty string", isNonEmptyString],
};

/** Simulates a job of a server. */
export interface JobPlayer {
  /** Advances the job by one step, and returns its fields. */
  readonly next: (facts: JobFacts) => Node;
  readonly download: Download;
}

/** A job's fields as a response reports them, and the description's facts about them. */
export interface ReportedJob {
  readonly fields: Node;
  readonly facts: JobFacts;
}

export function isCompleted({ fields, facts }: ReportedJob): boolean {
  return fields[facts.property] === facts.succeeded;
}

const finishedAt = "2026-01-15T09:04:30Z";

/** `url` is called each time, because a URL can expire. */
export function createJob(
  id: unknown,
  job: MockJob,
  download: Download,
  url: () => string,
): JobPlayer {
  let play: (() => Node) | undefined;
  return { next: (facts) => (play ??= playJob(id, job, download, url, facts))(), download };
}

/** Returns a function that returns the job's next state each time, and repeats the last one. */
function playJob(
  id: unknown,
  { outcome = "completed", orgId, steps }: MockJob,
  { records }: Download,
  url: () => string,
  facts: JobFacts,
): () => Node {
  const { property, working, required } = facts;
  const ownFields = { id, ...(orgId === undefined ? {} : { org_id: orgId }) };
  const defaultFields = { org_id: defaultOrgId, created_at: "2026-01-15T09:00:00Z" };
  const initial = (state: unknown): Node => ({
    ...required(),
    ...keepAccepted(defaultFields, facts),
    ...keepKnown(ownFields, facts),
    [property]: state,
  });
  const states = (steps ?? defaultSteps(outcome, facts)).map((step) => (): Node => {
    const state = step[property] ?? working[0];
    return {
      ...initial(state),
      ...keepAccepted(fieldsOf(state, facts, records, url), facts),
      ...step,
    };
  });

  let current = (): Node => initial(working[0]);
  return () => (current = states.shift() ?? current)();
}

/** The fields that the schema names. */
export function keepKnown(fields: Node, { properties }: JobFacts): Node {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => properties.has(name)));
}

/** The fields whose values the schema accepts. */
function keepAccepted(fields: Node, { properties }: JobFacts): Node {
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => properties.get(name)?.(value) === true),
  );
}

function fieldsOf(state: unknown, facts: JobFacts, records: number, url: () => string): Node {
  if (state === facts.succeeded) {
    return {
      progress: 100,
      completed_at: finishedAt,
      total_records: records,
      download_url: url(),
    };
  }
  if (state === facts.failed) {
    return { completed_at: finishedAt, error_message: "The result could not be written." };
  }
  if (state === facts.working[0]) return { progress: 0 };
  return facts.working.some((each) => each === state) ? { progress: 50 } : {};
}

function defaultSteps(outcome: "completed" | "failed", facts: JobFacts): readonly Node[] {
  const { property, working } = facts;
  const [first, ...later] = working;
  const last = later.at(-1);
  const final = outcome === "failed" ? facts.failed : facts.succeeded;
  return [
    ...[first, ...later.slice(0, -1)].map((state) => ({ [property]: state })),
    ...(last === undefined ? [] : [25, 50, 75]).map((progress) => ({
      [property]: last,
      ...keepAccepted({ progress }, facts),
    })),
    { [property]: final },
  ];
}
