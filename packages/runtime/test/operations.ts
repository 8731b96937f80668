// An invented description in the format that `generate` writes: one operation of each kind.

const key = { scheme: "key", in: "header", name: "X-Key", prefix: "" } as const;
const bearer = {
  scheme: "bearer",
  in: "header",
  name: "Authorization",
  prefix: "Bearer ",
} as const;
const queryKey = { scheme: "queryKey", in: "query", name: "api key", prefix: "" } as const;
const simple = { style: "simple", explode: false } as const;
const form = { in: "query", required: false, style: "form", explode: true } as const;
const tenant = {
  in: "header",
  name: "X-Tenant",
  required: false,
  ...simple,
  type: "string",
  clientOption: true,
} as const;

/** Finds things */
export const listThings = {
  method: "get",
  path: "/things",
  servers: ["https://api.example.com/v1"],
  parameters: {
    tags: { ...form, name: "tag", type: "array" },
    ids: { ...form, name: "ids", explode: false, type: "array" },
    pipes: { ...form, name: "pipes", style: "pipeDelimited", explode: false, type: "array" },
    spaces: { ...form, name: "spaces", style: "spaceDelimited", explode: false, type: "array" },
    filter: { ...form, name: "filter", style: "deepObject", type: "object" },
    range: { ...form, name: "range", explode: false, type: "object" },
    where: {
      in: "query",
      name: "where",
      required: false,
      content: "application/json",
      type: "object",
    },
    raw: { ...form, name: "raw", allowReserved: true, type: "string" },
    limit: { ...form, name: "limit", type: "integer", default: 10 },
    features: { in: "header", name: "X-Features", required: false, ...simple, type: "array" },
    tenant,
  },
  responses: { "200": ["application/json"] },
  authentication: [[key]],
} as const;

/**
 * Gets a thing
 *
 * @deprecated
 */
export const getThing = {
  method: "get",
  path: "/things/{thing-id}",
  servers: ["https://api.example.com/v1"],
  parameters: {
    thingId: { in: "path", name: "thing-id", required: true, ...simple, type: "string" },
    version: {
      in: "header",
      name: "X-Version",
      required: false,
      ...simple,
      type: "string",
      default: "v1",
      clientOption: true,
    },
  },
  responses: { "200": ["application/json"] },
  authentication: [[bearer], [key]],
} as const;

export const createThing = {
  method: "post",
  path: "/things",
  servers: ["https://api.example.com/v1"],
  parameters: { tenant },
  body: { required: true, mediaTypes: ["application/merge-patch+json"] },
  responses: { "201": ["application/json"], "204": [] },
  authentication: [[key, bearer]],
} as const;

export const deleteThing = {
  method: "delete",
  path: "/things/{thing-id}",
  servers: ["https://api.example.com/v1"],
  parameters: {
    thingId: { in: "path", name: "thing-id", required: true, ...simple, type: "string" },
  },
  responses: { "204": [] },
  authentication: [[], [queryKey]],
} as const;

export const getHealth = {
  method: "get",
  path: "/health",
  servers: [],
  parameters: {},
  responses: { "200": ["application/json", "text/plain"], "202": ["text/csv"] },
  authentication: [],
} as const;

export const readLog = {
  method: "get",
  path: "/log{parts}{form}",
  servers: ["https://logs.example.com"],
  parameters: {
    parts: {
      in: "path",
      name: "parts",
      required: true,
      style: "matrix",
      explode: true,
      type: "array",
    },
    form: {
      in: "path",
      name: "form",
      required: true,
      style: "label",
      explode: false,
      type: "string",
    },
    since: { ...form, name: "since", required: true, type: "string" },
  },
  responses: { "200": ["application/x-ndjson"] },
  authentication: [[queryKey]],
} as const;

export const getJob = {
  method: "get",
  path: "/jobs/{id}",
  servers: ["https://api.example.com/v1"],
  parameters: { id: { in: "path", name: "id", required: true, ...simple, type: "integer" } },
  responses: { "200": ["application/json"] },
  authentication: [],
  job: {
    property: "state",
    states: ["on", "off", "broken"],
    succeeded: ["off"],
    failed: ["broken"],
  },
} as const;

export const uploadThing = {
  method: "put",
  path: "/things/{thing-id}",
  unsupported: "it sends multipart/form-data",
} as const;
