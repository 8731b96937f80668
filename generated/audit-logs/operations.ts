// Written by `pnpm generate`. Not to be edited: correct the description in its overlay.yaml, or
// take in a new one with `pnpm spec:pull`, and generate again. sha256 of what this came from:
//   e466d2645d745d7239f701e73ccc93695381c23ddcb1f6dcff978cbce2a71620  spec/audit-logs/sources/get-export-job-status.md
//   c41e75c3568b70d388de72c53f37da9f227216e919643bed405df5127a09ed98  spec/audit-logs/openapi.yaml
//   697188002445a6076e4557cd277ca32ca0507092a6fb19cda7d40ebb5bac2068  spec/audit-logs/additions.yaml
//   48af3d00e69fe6c502a646fce8ec35329ea21f55ebe4e006c5134839de2d5767  spec/audit-logs/overlay.yaml
//   e442551018d088cf6aee27e4f93e516c3ff4077cee612dc898bf8b89f7db513e  generated/audit-logs/openapi.json
//   a8705062d936566ead7d88466c0bc9d5d4722065af1cd93390123383dcb11c1c  the text below

/**
 * Get Export Job Status
 *
 * Retrieve the current status of an export job and, when available, the
 * download URL for the exported data.
 */
export const getExportJobStatus = {
  "method": "get",
  "path": "/api/audit-logs/export/{job_id}",
  "servers": [
    "https://anaconda.com"
  ],
  "parameters": {
    /**
     * UUID of the export job to query.
     */
    "jobId": {
      "in": "path",
      "name": "job_id",
      "required": true,
      "style": "simple",
      "explode": false,
      "type": "string"
    },
    /**
     * Name of the organization to scope the request to. This header is required
     * in multi-tenant deployments.
     */
    "orgName": {
      "in": "header",
      "name": "x-org-name",
      "required": false,
      "style": "simple",
      "explode": false,
      "type": "string",
      "clientOption": true
    },
    /**
     * API version identifier (for example, `v1` or `v2`). Defaults to `v1`
     * when not provided.
     */
    "apiVersion": {
      "in": "header",
      "name": "x-api-version",
      "required": false,
      "style": "simple",
      "explode": false,
      "type": "string",
      "default": "v1",
      "clientOption": true
    }
  },
  "responses": {
    "200": [
      "application/json"
    ]
  },
  "authentication": [
    [
      {
        "scheme": "accessToken",
        "in": "header",
        "name": "Authorization",
        "prefix": "Bearer "
      }
    ]
  ],
  "job": {
    "property": "status",
    "states": [
      "pending",
      "running",
      "completed",
      "failed"
    ],
    "succeeded": [
      "completed"
    ],
    "failed": [
      "failed"
    ]
  }
} as const;

/**
 * Start an export of audit logs
 *
 * Starts a job that collects the audit logs of a span of time. Its status says when the export can be downloaded.
 */
export const createExportJob = {
  "method": "post",
  "path": "/api/audit-logs/export",
  "servers": [
    "https://anaconda.com"
  ],
  "parameters": {
    /**
     * The organization to act for. Deployments with several tenants need it.
     */
    "orgName": {
      "in": "header",
      "name": "x-org-name",
      "required": false,
      "style": "simple",
      "explode": false,
      "type": "string",
      "clientOption": true
    },
    /**
     * The version of the API.
     */
    "apiVersion": {
      "in": "header",
      "name": "x-api-version",
      "required": false,
      "style": "simple",
      "explode": false,
      "type": "string",
      "default": "v1",
      "clientOption": true
    }
  },
  "body": {
    "required": true,
    "mediaTypes": [
      "application/json"
    ]
  },
  "responses": {
    "200": [
      "application/json"
    ]
  },
  "authentication": [
    [
      {
        "scheme": "accessToken",
        "in": "header",
        "name": "Authorization",
        "prefix": "Bearer "
      }
    ]
  ]
} as const;

/**
 * List audit logs
 *
 * Gives one page of the audit logs that meet the conditions.
 */
export const getAuditLogs = {
  "method": "get",
  "path": "/api/audit-logs",
  "servers": [
    "https://anaconda.com"
  ],
  "parameters": {
    /**
     * Conditions, each the name of a column, a colon and the values to accept, separated by commas.
     */
    "q": {
      "in": "query",
      "name": "q",
      "required": false,
      "style": "form",
      "explode": true,
      "type": "array",
      "default": []
    },
    /**
     * Whether one condition has to hold, or all of them.
     */
    "search_operator": {
      "in": "query",
      "name": "search_operator",
      "required": false,
      "style": "form",
      "explode": true,
      "type": "string",
      "default": "or"
    },
    /**
     * The columns to sort by, separated by commas; a minus sign reverses one.
     */
    "sort": {
      "in": "query",
      "name": "sort",
      "required": false,
      "style": "form",
      "explode": true,
      "type": "string"
    },
    /**
     * How many audit logs to give at most.
     */
    "limit": {
      "in": "query",
      "name": "limit",
      "required": false,
      "style": "form",
      "explode": true,
      "type": "integer",
      "default": 100
    },
    /**
     * How many audit logs to leave out first.
     */
    "offset": {
      "in": "query",
      "name": "offset",
      "required": false,
      "style": "form",
      "explode": true,
      "type": "integer",
      "default": 0
    },
    /**
     * The earliest occurred_at, inclusive.
     */
    "from_date": {
      "in": "query",
      "name": "from_date",
      "required": false,
      "style": "form",
      "explode": true,
      "type": "string"
    },
    /**
     * The latest occurred_at, inclusive.
     */
    "to_date": {
      "in": "query",
      "name": "to_date",
      "required": false,
      "style": "form",
      "explode": true,
      "type": "string"
    },
    /**
     * The organization to act for. Deployments with several tenants need it.
     */
    "orgName": {
      "in": "header",
      "name": "x-org-name",
      "required": false,
      "style": "simple",
      "explode": false,
      "type": "string",
      "clientOption": true
    },
    /**
     * The version of the API.
     */
    "apiVersion": {
      "in": "header",
      "name": "x-api-version",
      "required": false,
      "style": "simple",
      "explode": false,
      "type": "string",
      "default": "v1",
      "clientOption": true
    }
  },
  "responses": {
    "200": [
      "application/json"
    ]
  },
  "authentication": [
    [
      {
        "scheme": "accessToken",
        "in": "header",
        "name": "Authorization",
        "prefix": "Bearer "
      }
    ]
  ]
} as const;

/**
 * Get an audit log
 *
 * Gives one audit log by its id.
 */
export const getAuditLog = {
  "method": "get",
  "path": "/api/audit-logs/{audit_log_id}",
  "servers": [
    "https://anaconda.com"
  ],
  "parameters": {
    /**
     * The id of the audit log.
     */
    "auditLogId": {
      "in": "path",
      "name": "audit_log_id",
      "required": true,
      "style": "simple",
      "explode": false,
      "type": "string"
    },
    /**
     * The organization to act for. Deployments with several tenants need it.
     */
    "orgName": {
      "in": "header",
      "name": "x-org-name",
      "required": false,
      "style": "simple",
      "explode": false,
      "type": "string",
      "clientOption": true
    },
    /**
     * The version of the API.
     */
    "apiVersion": {
      "in": "header",
      "name": "x-api-version",
      "required": false,
      "style": "simple",
      "explode": false,
      "type": "string",
      "default": "v1",
      "clientOption": true
    }
  },
  "responses": {
    "200": [
      "application/json"
    ]
  },
  "authentication": [
    [
      {
        "scheme": "accessToken",
        "in": "header",
        "name": "Authorization",
        "prefix": "Bearer "
      }
    ]
  ]
} as const;

/**
 * Download an export
 *
 * Streams the audit logs of a completed export, one JSON object a line.
 */
export const downloadExport = {
  "method": "get",
  "path": "/api/audit-logs/export/{job_id}/download",
  "servers": [
    "https://anaconda.com"
  ],
  "parameters": {
    /**
     * The id of the export job.
     */
    "jobId": {
      "in": "path",
      "name": "job_id",
      "required": true,
      "style": "simple",
      "explode": false,
      "type": "string"
    },
    /**
     * The organization to act for. Deployments with several tenants need it.
     */
    "orgName": {
      "in": "header",
      "name": "x-org-name",
      "required": false,
      "style": "simple",
      "explode": false,
      "type": "string",
      "clientOption": true
    },
    /**
     * The version of the API.
     */
    "apiVersion": {
      "in": "header",
      "name": "x-api-version",
      "required": false,
      "style": "simple",
      "explode": false,
      "type": "string",
      "default": "v1",
      "clientOption": true
    }
  },
  "responses": {
    "200": [
      "application/jsonl"
    ]
  },
  "authentication": [
    [
      {
        "scheme": "accessToken",
        "in": "header",
        "name": "Authorization",
        "prefix": "Bearer "
      }
    ]
  ]
} as const;
