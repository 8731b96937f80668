// Written by `pnpm generate`. Not to be edited: correct the description in its overlay.yaml, or
// take in a new one with `pnpm spec:pull`, and generate again. sha256 of what this came from:
//   e466d2645d745d7239f701e73ccc93695381c23ddcb1f6dcff978cbce2a71620  spec/audit-logs/source.md
//   c41e75c3568b70d388de72c53f37da9f227216e919643bed405df5127a09ed98  spec/audit-logs/openapi.yaml
//   ee4ecd1277cc6a7d4f82de60b5d052b5d868f0cbecda204f8df03ca0986a20d9  spec/audit-logs/overlay.yaml
//   01d0099d1b5d3213a66f298fd57d45af363774af49c5c220e50aca615f58da45  generated/audit-logs/openapi.json
//   17c585216709b5cebf0981ea49f6bb7d8e826c97b6956727fa70b11ce9d840d8  the text below

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
    get: operations["getExportJobStatus"];
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
       * @description URL to download the exported data in JSON Lines format, present when
       *     the job has completed successfully.
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
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  getExportJobStatus: {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description Name of the organization to scope the request to. This header is required
         *     in multi-tenant deployments.
         */
        "X-Org-Name"?: string | null;
        /**
         * @description API version identifier (for example, `v1` or `v2`). Defaults to `v1`
         *     when not provided.
         */
        "X-API-Version"?: string;
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
}
