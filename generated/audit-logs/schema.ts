// Written by `pnpm generate`. Not to be edited: correct the description in its overlay.yaml, or
// take in a new one with `pnpm spec:pull`, and generate again. sha256 of what this came from:
//   e466d2645d745d7239f701e73ccc93695381c23ddcb1f6dcff978cbce2a71620  spec/audit-logs/sources/get-export-job-status.md
//   c41e75c3568b70d388de72c53f37da9f227216e919643bed405df5127a09ed98  spec/audit-logs/openapi.yaml
//   697188002445a6076e4557cd277ca32ca0507092a6fb19cda7d40ebb5bac2068  spec/audit-logs/additions.yaml
//   48af3d00e69fe6c502a646fce8ec35329ea21f55ebe4e006c5134839de2d5767  spec/audit-logs/overlay.yaml
//   e442551018d088cf6aee27e4f93e516c3ff4077cee612dc898bf8b89f7db513e  generated/audit-logs/openapi.json
//   b93883cf5487071461e1599a901f2d6b328bdb7a28c8cc42f6431510f93e65ec  the text below

export type $Read<T> = { readonly $read: T };
export type $Write<T> = { readonly $write: T };
export interface paths {
  "/api/audit-logs/export/{job_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get Export Job Status
     * @description Retrieve the current status of an export job and, when available, the
     *     download URL for the exported data.
     */
    get: operations["get_export_job_status_export__job_id__get"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/audit-logs/export": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Start an export of audit logs
     * @description Starts a job that collects the audit logs of a span of time. Its status says when the export can be downloaded.
     */
    post: operations["create_export_job_export_post"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/audit-logs": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List audit logs
     * @description Gives one page of the audit logs that meet the conditions.
     */
    get: operations["get_audit_logs__get"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/audit-logs/{audit_log_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get an audit log
     * @description Gives one audit log by its id.
     */
    get: operations["get_audit_log__audit_log_id__get"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/audit-logs/export/{job_id}/download": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Download an export
     * @description Streams the audit logs of a completed export, one JSON object a line.
     */
    get: operations["download_export_export__job_id__download_get"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /**
     * ExportJobResponse
     * @description **Response** containing the state of a bulk export job and, when complete,
     *     its download URL.
     */
    ExportJobResponse: {
      /**
       * Completed At
       * Format: date-time
       * @description Time when the export job finished processing, if it has completed.
       */
      completed_at?: string | null;
      /**
       * Created At
       * Format: date-time
       */
      created_at: string;
      /**
       * Download Url
       * Format: uri-reference
       * @description URL to download the exported data in JSON Lines format, present when
       *     the job has completed successfully.
       * @example https://example.com/export
       */
      download_url?: string | null;
      /**
       * Error Message
       * @description Error message describing why the export job failed, if applicable.
       */
      error_message?: string | null;
      /**
       * Id
       * Format: uuid
       */
      id: string;
      /**
       * Org Id
       * Format: uuid
       */
      org_id: string;
      /**
       * Progress
       * @description Approximate completion percentage for the export job, in the range `0–100`.
       * @example 0
       * @example 100
       */
      progress?: number | null;
      /**
       * Status
       * @description Current status of the export job (for example, `pending`, `running`,
       *     `completed`, or `failed`).
       */
      status: "pending" | "running" | "completed" | "failed" | (string & {});
      /**
       * Total Records
       * @description Total number of records included in the export, when known.
       */
      total_records?: number | null;
    };
    /**
     * HTTPValidationError
     * @description **Error response** returned when the request fails validation.
     */
    HTTPValidationError: {
      /**
       * Detail
       * @description List of validation errors describing which fields are invalid and why.
       */
      detail?: components["schemas"]["ValidationError"][];
    };
    /**
     * ValidationError
     * @description **Validation error** describing an issue with a specific part of the request.
     */
    ValidationError: {
      /**
       * Location
       * @description Location of the validation error as a path of components, such as
       *     `["body", "field_name"]` or `["query", "param_name"]`.
       */
      loc: (string | number)[];
      /**
       * Message
       * @description Human-readable description of the validation error.
       */
      msg: string;
      /**
       * Error Type
       * @description Machine-readable error type code.
       */
      type: string;
    };
    /** @description Something that somebody did. It may have more fields than these. */
    AuditLog: {
      /**
       * Format: uuid
       * @description The id of the audit log.
       */
      id: string;
      /**
       * Format: uuid
       * @description The id of the organization.
       */
      org_id: string;
      /**
       * Format: date-time
       * @description When the audit log was written.
       */
      created_at: string;
      /** @description What was done, as a key. */
      action_key: string;
      /** @description What was done, as a sentence. */
      message: $Read<string>;
      action_verb?: string | null;
      actor_id?: string | null;
      actor_email?: string | null;
      actor_type?: string | null;
      target_id?: string | null;
      target_email?: string | null;
      target_type?: string | null;
      service_name?: string | null;
      org_name?: string | null;
      /**
       * Format: date-time
       * @description When it was done.
       */
      occurred_at?: string | null;
      /** @description More about it, in a form that depends on what was done. */
      meta?: {
        [key: string]: unknown;
      } | null;
    } & {
      [key: string]: unknown;
    };
    /** @description Which audit logs to export. */
    AuditLogExportRequest: {
      /**
       * Format: date-time
       * @description The earliest occurred_at, inclusive.
       * @example 2026-01-31T00:00:00Z
       * @example 2026-01-31T00:00:00.000Z
       */
      from_date?: string | null;
      /**
       * Format: date-time
       * @description The latest occurred_at, inclusive.
       * @example 2026-01-31T00:00:00Z
       * @example 2026-01-31T00:00:00.000Z
       */
      to_date?: string | null;
      /**
       * @description Conditions, each the name of a column, a colon and the values to accept, separated by commas.
       * @default []
       */
      q?: string[];
      /**
       * @description Whether one condition has to hold, or all of them.
       * @default or
       * @enum {string}
       */
      search_operator?: "or" | "and";
    };
    /** @description One page of audit logs. */
    AuditLogPage: {
      /** @description The audit logs of this page. */
      items: components["schemas"]["AuditLog"][];
      /** @description How many audit logs meet the conditions, on all pages. */
      total_count: number;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  get_export_job_status_export__job_id__get: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Name of the organization to scope the request to. This header is required
         *     in multi-tenant deployments.
         */
        "x-org-name"?: string | null;
        /**
         * @description API version identifier (for example, `v1` or `v2`). Defaults to `v1`
         *     when not provided.
         */
        "x-api-version"?: string;
      };
      path: {
        /** @description UUID of the export job to query. */
        job_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Request succeeded and the export job status is returned. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ExportJobResponse"];
        };
      };
      /** @description The request parameters failed validation. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["HTTPValidationError"];
        };
      };
    };
  };
  create_export_job_export_post: {
    parameters: {
      query?: never;
      header?: {
        /** @description The organization to act for. Deployments with several tenants need it. */
        "x-org-name"?: string | null;
        /** @description The version of the API. */
        "x-api-version"?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["AuditLogExportRequest"];
      };
    };
    responses: {
      /** @description The job was created. The one value of the answer is its id. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            [key: string]: string;
          };
        };
      };
      /** @description The request is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["HTTPValidationError"];
        };
      };
    };
  };
  get_audit_logs__get: {
    parameters: {
      query?: {
        /** @description Conditions, each the name of a column, a colon and the values to accept, separated by commas. */
        q?: string[];
        /** @description Whether one condition has to hold, or all of them. */
        search_operator?: "or" | "and";
        /** @description The columns to sort by, separated by commas; a minus sign reverses one. */
        sort?: string;
        /** @description How many audit logs to give at most. */
        limit?: number;
        /** @description How many audit logs to leave out first. */
        offset?: number;
        /** @description The earliest occurred_at, inclusive. */
        from_date?: string | null;
        /** @description The latest occurred_at, inclusive. */
        to_date?: string | null;
      };
      header?: {
        /** @description The organization to act for. Deployments with several tenants need it. */
        "x-org-name"?: string | null;
        /** @description The version of the API. */
        "x-api-version"?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page of audit logs. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AuditLogPage"];
        };
      };
      /** @description The request is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["HTTPValidationError"];
        };
      };
    };
  };
  get_audit_log__audit_log_id__get: {
    parameters: {
      query?: never;
      header?: {
        /** @description The organization to act for. Deployments with several tenants need it. */
        "x-org-name"?: string | null;
        /** @description The version of the API. */
        "x-api-version"?: string;
      };
      path: {
        /** @description The id of the audit log. */
        audit_log_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The audit log. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AuditLog"];
        };
      };
      /** @description The request is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["HTTPValidationError"];
        };
      };
    };
  };
  download_export_export__job_id__download_get: {
    parameters: {
      query?: never;
      header?: {
        /** @description The organization to act for. Deployments with several tenants need it. */
        "x-org-name"?: string | null;
        /** @description The version of the API. */
        "x-api-version"?: string;
      };
      path: {
        /** @description The id of the export job. */
        job_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The audit logs of the export. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/jsonl": string;
        };
      };
      /** @description The request is not valid. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["HTTPValidationError"];
        };
      };
    };
  };
}
