import type { Data, Input } from "@audit-logs/runtime";
import type * as operations from "@audit-logs/generated/audit-logs/operations";
import type { paths } from "@audit-logs/generated/audit-logs/schema";

// The assumptions of this client about the description. If one no longer holds, this file does not
// compile, and the compiler's message contains the sentence that explains it.

type Assert<_Sentence extends true> = never;
type If<Actual, Expected, Sentence extends string> = [Actual] extends [Expected] ? true : Sentence;

type Operations = typeof operations;
type RequiredOperation =
  "getExportJobStatus" | "createExportJob" | "getAuditLogs" | "getAuditLog" | "downloadExport";
type AvailableOperation = RequiredOperation & keyof Operations;

/** True if every available operation has a fact; otherwise a sentence with the names of the others. */
type IfEach<Fact, Sentence extends string> = [OperationWithout<Fact>] extends [never]
  ? true
  : `${OperationWithout<Fact>} ${Sentence}`;
type OperationWithout<Fact> = {
  [Name in AvailableOperation]: Operations[Name] extends Fact ? never : Name;
}[AvailableOperation];
type MissingOperation = Exclude<RequiredOperation, keyof Operations>;

type StatusOperation = Operations["getExportJobStatus"];
type Job = Data<paths, StatusOperation>;
type AuditLog = Data<paths, Operations["getAuditLog"]>;
type StartInput = Input<paths, Operations["createExportJob"]>;
type StartBody = NonNullable<StartInput["body"]>;
type StartResponse = Data<paths, Operations["createExportJob"]>;

/** The names of the required properties. */
type RequiredName<T> = {
  [Name in keyof T]-?: Record<never, never> extends Pick<T, Name> ? never : Name;
}[keyof T];
/** True if there are no such names; otherwise a sentence with them. */
type None<Names, Before extends string, After extends string> = [Names] extends [never]
  ? true
  : `${Before} ${Names & string} ${After}`;
/** An operation with only one of its successful responses. */
type WithOnlyResponse<
  Op extends { responses: object },
  Status extends keyof Op["responses"],
> = Omit<Op, "responses"> & { readonly responses: Pick<Op["responses"], Status> };

export type OperationsAreThere = Assert<
  [MissingOperation] extends [never] ? true : `${MissingOperation} is missing in the description`
>;
export type OrgNameIsAnOption = Assert<
  IfEach<
    { parameters: { orgName: { clientOption: true; type: "string" | "unknown" } } },
    "does not take orgName, an option of the client, as a string"
  >
>;
export type ApiVersionIsAnOption = Assert<
  IfEach<
    { parameters: { apiVersion: { clientOption: true; type: "string" | "unknown" } } },
    "does not take apiVersion, an option of the client, as a string"
  >
>;
/** The operations that cannot be called with the access token alone, each with a scheme that it requires. */
type UnreachableOperation = {
  [Name in AvailableOperation]: Extract<
    Operations[Name]["authentication"][number],
    readonly [{ scheme: "accessToken" }]
  > extends never
    ? `${Name} (${Operations[Name]["authentication"][number][number]["scheme"]})`
    : never;
}[AvailableOperation];
export type OneSchemeIsEnough = Assert<
  None<UnreachableOperation, "", "cannot be called with the scheme accessToken alone">
>;
/** The operations that may redirect instead of responding, each with its redirect statuses. */
type RedirectingOperation = {
  [Name in AvailableOperation]: Operations[Name] extends {
    redirects: readonly (infer Status extends string)[];
  }
    ? `${Name} (${Status})`
    : never;
}[AvailableOperation];
export type ResponsesComeAtOnce = Assert<
  None<
    RedirectingOperation,
    "",
    "may redirect instead of responding, and redirects are not followed"
  >
>;
export type JobIdIsAParameter = Assert<
  If<"jobId", keyof Input<paths, StatusOperation>, "getExportJobStatus does not take a jobId">
>;
export type JobIdIsAString = Assert<
  If<
    { jobId: string },
    Pick<Input<paths, StatusOperation>, "jobId">,
    "The jobId of getExportJobStatus is not a string"
  >
>;
export type JobIdIsEnough = Assert<
  None<
    Exclude<RequiredName<Input<paths, StatusOperation>>, "jobId">,
    "getExportJobStatus requires",
    "in addition to the jobId"
  >
>;
export type EverySuccessIsTheJob = Assert<
  None<
    {
      [Status in keyof StatusOperation["responses"]]: Data<
        paths,
        WithOnlyResponse<StatusOperation, Status>
      > extends { id: unknown }
        ? never
        : Status;
    }[keyof StatusOperation["responses"]],
    "The response",
    "of getExportJobStatus is not an export job"
  >
>;
export type IdIsAString = Assert<
  If<Job, { id: string }, "The id of an export job is not a string">
>;
export type StatesAreListed = Assert<
  If<StatusOperation, { job: object }, "The final states of an export job are not listed">
>;
export type StatusIsAString = Assert<
  If<
    Job,
    { [Property in StatusOperation["job"]["property"]]: string },
    "The status of an export job is not a string"
  >
>;
export type DownloadUrlIsAString = Assert<
  If<Job, { download_url?: string | null }, "The download_url of an export job is not a string">
>;
export type ReasonIsAString = Assert<
  If<Job, { error_message?: string | null }, "The error_message of an export job is not a string">
>;
export type ProgressIsANumber = Assert<
  If<Job, { progress?: number | null }, "The progress of an export job is not a number">
>;
export type TotalIsANumber = Assert<
  If<Job, { total_records?: number | null }, "The total_records of an export job is not a number">
>;
export type StartTakesASpanAndConditions = Assert<
  None<
    Exclude<"from_date" | "to_date" | "q" | "search_operator", keyof StartBody>,
    "The body of createExportJob no longer takes",
    ""
  >
>;
export type SpanAndConditionsAreStrings = Assert<
  If<
    { from_date: string; to_date: string; q: string[]; search_operator: "or" | "and" },
    Pick<StartBody, "from_date" | "to_date" | "q" | "search_operator">,
    "from_date, to_date, q or search_operator of createExportJob is not a string, or takes other values"
  >
>;
export type StartNeedsABodyOnly = Assert<
  None<
    Exclude<RequiredName<StartInput>, "body">,
    "createExportJob requires",
    "in addition to its body"
  >
>;
export type StartNeedsNoField = Assert<
  None<
    RequiredName<StartBody>,
    "The body of createExportJob requires",
    "although startExport may omit it"
  >
>;
export type StartGivesStrings = Assert<
  If<StartResponse, Readonly<Record<string, string>>, "createExportJob does not return strings">
>;
type IsOne<Name, All = Name> = Name extends All ? ([All] extends [Name] ? true : false) : never;
export type StartGivesOneValue = Assert<
  string extends keyof StartResponse
    ? true
    : IsOne<keyof StartResponse> extends true
      ? true
      : `createExportJob must return exactly one value, but returns ${keyof StartResponse & string}`
>;
export type AuditLogIsAnObject = Assert<
  [AuditLog] extends [readonly unknown[]]
    ? "getAuditLog returns a list"
    : If<AuditLog, object, "getAuditLog does not return an object">
>;
export type DownloadIsAStream = Assert<
  If<Data<paths, Operations["downloadExport"]>, Response, "downloadExport does not return a stream">
>;
