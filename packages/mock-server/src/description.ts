import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { OpenAPIBackend, type Document, type Operation } from "openapi-backend";
import { statusOperationId } from "./job.ts";

/** The OpenAPI description, and what the server must know of the status operation. */
export interface Description {
  /** Routes and validates; knows every operation of the description. */
  readonly api: OpenAPIBackend;
  readonly statusOperation: Operation;
  readonly successStatus: number;
  /** The path parameter that carries the job's id. */
  readonly jobIdParameter: string;
  /** The path of the description's first server, without a slash at its end. */
  readonly basePath: string;
}

/** @throws Error if this is no valid OpenAPI 3.1 description of the status operation. */
export async function readDescription(document: unknown): Promise<Description> {
  if (!isDocument(document)) {
    throw new Error("The description is not an OpenAPI 3.1 document.");
  }
  const basePath = basePathOf(document);
  const api = new OpenAPIBackend({
    // Dereferenced in place by openapi-backend.
    definition: structuredClone(document),
    apiRoot: basePath || "/",
    strict: true,
    ignoreTrailingSlashes: false,
    ajvOpts: { allErrors: true },
    // openapi-backend's own validator reads draft-07 and ignores formats such as uuid.
    customizeAjv: (_draft07, options) => formats.default(new Ajv2020(options)),
  });
  await api.init();

  const statusOperation = api.getOperation(statusOperationId);
  if (statusOperation === undefined) {
    throw new Error(`The description has no operation ${statusOperationId}.`);
  }
  // What a path leads to is named last: /orgs/{org_id}/exports/{job_id}.
  const jobIdParameter = [...statusOperation.path.matchAll(/\{([^}]+)\}/g)].at(-1)?.[1];
  if (jobIdParameter === undefined) {
    throw new Error(`The path ${statusOperation.path} has no parameter for the job's id.`);
  }
  const success = Object.keys(statusOperation.responses ?? {}).find((s) => /^2\d\d$/.test(s));
  return {
    api,
    statusOperation,
    successStatus: Number(success ?? 200),
    jobIdParameter,
    basePath,
  };
}

/** The path of a job's status below the server's origin. */
export function statusPath({ basePath, statusOperation }: Description, jobId: string): string {
  return basePath + statusOperation.path.replace(/\{[^}]+\}/g, encodeURIComponent(jobId));
}

function isDocument(value: unknown): value is Document {
  return (
    typeof value === "object" &&
    value !== null &&
    "openapi" in value &&
    typeof value.openapi === "string" &&
    value.openapi.startsWith("3.1.")
  );
}

function basePathOf({ servers }: Document): string {
  const server = servers?.[0];
  const url = (server?.url ?? "/").replace(
    /\{([^}]+)\}/g,
    (_, name: string) => server?.variables?.[name]?.default ?? "",
  );
  return new URL(url, "http://localhost").pathname.replace(/\/+$/, "");
}
