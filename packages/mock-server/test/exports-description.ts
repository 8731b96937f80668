const json = <Schema>(schema: Schema) => ({ content: { "application/json": { schema } } });

const nullable = <Schema extends object>(schema: Schema) => ({
  anyOf: [schema, { type: "null" }],
});

/** An invented API with the five operations that an export of events needs. */
export function exportsDescription() {
  const error = {
    description: "Refused",
    ...json({ $ref: "#/components/schemas/Refusal" }),
  };
  const parameters: object[] = [
    {
      in: "path",
      name: "export_id",
      required: true,
      schema: { type: "string", format: "uuid" },
    },
    {
      in: "header",
      name: "X-Tenant",
      schema: nullable({ type: "string", maxLength: 3 }),
    },
  ];
  return {
    openapi: "3.1.0",
    info: { title: "Exports", version: "1" },
    servers: [{ url: "https://api.example.com", variables: {} }],
    security: [{ bearer: [] }],
    paths: {
      "/exports": {
        post: {
          operationId: "startExport",
          requestBody: { required: true, ...json({ $ref: "#/components/schemas/Query" }) },
          responses: {
            "200": {
              description: "Started",
              ...json({
                type: "object",
                additionalProperties: { type: "string", format: "uuid" },
              }),
            },
            "422": error,
          },
        },
      },
      "/exports/{export_id}": {
        get: {
          operationId: "readExport",
          parameters,
          responses: {
            "200": { description: "State", ...json({ $ref: "#/components/schemas/Export" }) },
            "422": error,
          },
        },
      },
      "/exports/{export_id}/file": {
        get: {
          operationId: "readFile",
          parameters,
          responses: {
            "200": {
              description: "Events",
              content: { "application/jsonl": { schema: { type: "object" } } },
            },
          },
        },
      },
      "/events": {
        get: {
          operationId: "listEvents",
          parameters: [
            {
              in: "query",
              name: "limit",
              schema: { type: "integer", minimum: 1, maximum: 1000, default: 100 },
            },
            { in: "query", name: "offset", schema: { type: "integer", minimum: 0 } },
            { in: "query", name: "sort", schema: { type: "string" } },
            { in: "query", name: "q", schema: { type: "array", items: { type: "string" } } },
            { in: "query", name: "search_operator", schema: { enum: ["and", "or"] } },
            { in: "query", name: "from_date", schema: { type: "string", format: "date-time" } },
            { in: "query", name: "to_date", schema: { type: "string", format: "date-time" } },
          ],
          responses: {
            "200": {
              description: "Events",
              ...json({
                type: "object",
                required: ["items", "total_count"],
                properties: {
                  items: { type: "array", items: { $ref: "#/components/schemas/Event" } },
                  total_count: { type: "integer" },
                },
              }),
            },
            "422": error,
          },
        },
      },
      "/events/{event_id}": {
        get: {
          operationId: "readEvent",
          parameters: [
            { in: "path", name: "event_id", required: true, schema: { type: "string" } },
          ],
          responses: {
            "200": { description: "Event", ...json({ $ref: "#/components/schemas/Event" }) },
          },
        },
      },
    },
    components: {
      schemas: {
        Query: {
          type: "object",
          required: ["from_date"],
          additionalProperties: false,
          properties: {
            from_date: nullable({ type: "string", format: "date-time" }),
            q: { type: "array", items: { type: "string" }, default: [] },
          },
        },
        Export: {
          type: "object",
          required: ["id", "org_id", "status", "created_at"],
          properties: {
            id: { type: "string", format: "uuid" },
            org_id: { type: "string", format: "uuid" },
            status: {
              type: "string",
              "x-extensible-enum": ["pending", "running", "completed", "failed"],
              "x-final-states": { completed: "succeeded", failed: "failed" },
            },
            created_at: { type: "string", format: "date-time" },
            progress: nullable({ type: "integer", minimum: 0, maximum: 100 }),
            completed_at: nullable({ type: "string", format: "date-time" }),
            download_url: nullable({ type: "string", format: "uri-reference" }),
            error_message: nullable({ type: "string" }),
            total_records: nullable({ type: "integer" }),
          },
        },
        Event: {
          type: "object",
          required: ["id", "action_key", "message"],
          properties: {
            id: { type: "string", format: "uuid" },
            action_key: { type: "string" },
            message: { type: "string" },
            occurred_at: { type: "string", format: "date-time" },
          },
        },
        Refusal: {
          type: "object",
          properties: {
            detail: {
              type: "array",
              items: {
                type: "object",
                required: ["loc", "msg", "type"],
                properties: {
                  loc: { type: "array", items: { type: ["string", "integer"] } },
                  msg: { type: "string" },
                  type: { type: "string" },
                },
              },
            },
          },
        },
      },
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
    },
  };
}

/** A description with a single operation. */
export function describeOperation(
  operation: object,
  {
    method = "get",
    path = "/thing",
    openapi = "3.1.0",
    components = {},
  }: { method?: string; path?: string; openapi?: string; components?: object } = {},
): object {
  const responses = { "204": { description: "Done" } };
  return {
    openapi,
    info: { title: "One operation", version: "1" },
    paths: { [path]: { [method]: { responses, ...operation } } },
    components,
  };
}
