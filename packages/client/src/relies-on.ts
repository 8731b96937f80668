import type { Data, Input } from "@audit-logs/runtime";
import type * as operations from "@audit-logs/generated/audit-logs/operations";
import type { paths } from "@audit-logs/generated/audit-logs/schema";

// What this client takes for granted of the description. If it changes, this does not compile, and the
// compiler's message is the sentence.

type Holds<_Sentence extends true> = never;
type If<Actual, Expected, Sentence extends string> = [Actual] extends [Expected] ? true : Sentence;

type Operations = typeof operations;
type Called =
  "getExportJobStatus" | "createExportJob" | "getAuditLogs" | "getAuditLog" | "downloadExport";

/** Whether a fact holds of every operation that is there; if not, the sentence with the names of the others. */
type IfEach<Fact, Sentence extends string> = [Without<Fact>] extends [never]
  ? true
  : `${Without<Fact>} ${Sentence}`;
type Without<Fact> = {
  [Name in Called & keyof Operations]: Operations[Name] extends Fact ? never : Name;
}[Called & keyof Operations];
type Missing = Exclude<Called, keyof Operations>;

type StatusOperation = Operations["getExportJobStatus"];
type Job = Data<paths, StatusOperation>;
type Page = Data<paths, Operations["getAuditLog"]>;
type StartInput = Input<paths, Operations["createExportJob"]>;
type StartBody = NonNullable<StartInput["body"]>;
type StartAnswer = Data<paths, Operations["createExportJob"]>;

/** The names of what has to be given. */
type Required<T> = {
  [Name in keyof T]-?: Record<never, never> extends Pick<T, Name> ? never : Name;
}[keyof T];
/** Whether there are no such names; if there are, a sentence with them. */
type None<Names, Before extends string, After extends string> = [Names] extends [never]
  ? true
  : `${Before} ${Names & string} ${After}`;
/** An operation with one of its successes alone. */
type OnlyAnswer<Op extends { responses: object }, Status extends keyof Op["responses"]> = Omit<
  Op,
  "responses"
> & { readonly responses: Pick<Op["responses"], Status> };

export type OperationsAreThere = Holds<
  [Missing] extends [never] ? true : `${Missing} is no operation of the description`
>;
export type OrgNameIsAnOption = Holds<
  IfEach<
    { parameters: { orgName: { clientOption: true; type: "string" | "unknown" } } },
    "does not take orgName, an option of the client, as a string"
  >
>;
export type ApiVersionIsAnOption = Holds<
  IfEach<
    { parameters: { apiVersion: { clientOption: true; type: "string" | "unknown" } } },
    "does not take apiVersion, an option of the client, as a string"
  >
>;
/** The operations of which no alternative is the token alone, with what they ask for. */
type Unreached = {
  [Name in Called & keyof Operations]: Extract<
    Operations[Name]["authentication"][number],
    readonly [{ scheme: "accessToken" }]
  > extends never
    ? `${Name} (${Operations[Name]["authentication"][number][number]["scheme"]})`
    : never;
}[Called & keyof Operations];
export type OneSchemeIsEnough = Holds<
  None<Unreached, "", "is not reached by the one scheme accessToken">
>;
/** The operations that may lead elsewhere in place of an answer, with the statuses that do. */
type Redirected = {
  [Name in Called & keyof Operations]: Operations[Name] extends {
    redirects: readonly (infer Status extends string)[];
  }
    ? `${Name} (${Status})`
    : never;
}[Called & keyof Operations];
export type AnswersComeAtOnce = Holds<
  None<Redirected, "", "may lead elsewhere in place of an answer, which is not followed">
>;
export type JobIdIsAParameter = Holds<
  If<"jobId", keyof Input<paths, StatusOperation>, "getExportJobStatus does not take a jobId">
>;
export type JobIdIsAString = Holds<
  If<
    { jobId: string },
    Pick<Input<paths, StatusOperation>, "jobId">,
    "The jobId of getExportJobStatus is no string"
  >
>;
export type JobIdIsEnough = Holds<
  None<
    Exclude<Required<Input<paths, StatusOperation>>, "jobId">,
    "getExportJobStatus requires",
    "beside the jobId"
  >
>;
export type EverySuccessIsTheJob = Holds<
  None<
    {
      [Status in keyof StatusOperation["responses"]]: Data<
        paths,
        OnlyAnswer<StatusOperation, Status>
      > extends { id: unknown }
        ? never
        : Status;
    }[keyof StatusOperation["responses"]],
    "The answer",
    "of getExportJobStatus is no export job"
  >
>;
export type IdIsAString = Holds<If<Job, { id: string }, "The id of an export job is no string">>;
export type StatesAreListed = Holds<
  If<StatusOperation, { job: object }, "The final states of an export job are not listed">
>;
export type StatusIsAString = Holds<
  If<
    Job,
    { [Property in StatusOperation["job"]["property"]]: string },
    "The status of an export job is no string"
  >
>;
export type DownloadUrlIsAString = Holds<
  If<Job, { download_url?: string | null }, "The download_url of an export job is no string">
>;
export type ReasonIsAString = Holds<
  If<Job, { error_message?: string | null }, "The error_message of an export job is no string">
>;
export type ProgressIsANumber = Holds<
  If<Job, { progress?: number | null }, "The progress of an export job is no number">
>;
export type TotalIsANumber = Holds<
  If<Job, { total_records?: number | null }, "The total_records of an export job is no number">
>;
export type StartTakesASpanAndConditions = Holds<
  None<
    Exclude<"from_date" | "to_date" | "q" | "search_operator", keyof StartBody>,
    "The body of createExportJob does not take",
    "any more"
  >
>;
export type SpanAndConditionsAreStrings = Holds<
  If<
    { from_date: string; to_date: string; q: string[]; search_operator: "or" | "and" },
    Pick<StartBody, "from_date" | "to_date" | "q" | "search_operator">,
    "from_date, to_date, q or search_operator of createExportJob is no string, or takes other values"
  >
>;
export type StartNeedsABodyOnly = Holds<
  None<Exclude<Required<StartInput>, "body">, "createExportJob requires", "beside its body">
>;
export type StartNeedsNoField = Holds<
  None<
    Required<StartBody>,
    "The body of createExportJob requires",
    "where startExport may give none"
  >
>;
export type StartGivesStrings = Holds<
  If<StartAnswer, Readonly<Record<string, string>>, "createExportJob does not give strings">
>;
type IsOne<Name, All = Name> = Name extends All ? ([All] extends [Name] ? true : false) : never;
export type StartGivesOneValue = Holds<
  string extends keyof StartAnswer
    ? true
    : IsOne<keyof StartAnswer> extends true
      ? true
      : `createExportJob gives other values than one: ${keyof StartAnswer & string}`
>;
export type AuditLogIsAnObject = Holds<
  [Page] extends [readonly unknown[]]
    ? "getAuditLog gives a list"
    : If<Page, object, "getAuditLog does not give an object">
>;
export type DownloadIsAStream = Holds<
  If<Data<paths, Operations["downloadExport"]>, Response, "downloadExport does not give a stream">
>;
