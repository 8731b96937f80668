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

export type OperationsAreThere = Holds<
  [Missing] extends [never] ? true : `${Missing} is no operation of the description`
>;
export type OrgNameIsAnOption = Holds<
  IfEach<
    { parameters: { orgName: { clientOption: true } } },
    "does not take orgName, an option of the client"
  >
>;
export type ApiVersionIsAnOption = Holds<
  IfEach<
    { parameters: { apiVersion: { clientOption: true } } },
    "does not take apiVersion, an option of the client"
  >
>;
export type OneSchemeIsEnough = Holds<
  IfEach<
    { authentication: readonly [readonly [{ scheme: "accessToken" }]] },
    "is not reached by the one scheme accessToken"
  >
>;
export type JobIdIsAParameter = Holds<
  If<
    { jobId: string },
    Input<paths, StatusOperation>,
    "getExportJobStatus takes more than a jobId, or no text as one"
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
  If<
    {
      body: { from_date: string; to_date: string; q: string[]; search_operator: "or" | "and" };
    },
    Input<paths, Operations["createExportJob"]>,
    "createExportJob does not take from_date, to_date, q and search_operator"
  >
>;
export type StartGivesAnObject = Holds<
  If<Data<paths, Operations["createExportJob"]>, object, "createExportJob does not give an object">
>;
export type AuditLogIsAnObject = Holds<If<Page, object, "getAuditLog does not give an object">>;
export type DownloadIsAStream = Holds<
  If<Data<paths, Operations["downloadExport"]>, Response, "downloadExport does not give a stream">
>;
