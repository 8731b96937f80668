import { absorbed, add, either, remove, rename, set, stopped, type Kind } from "../change.ts";
import type { PlayResult } from "../scenario.ts";

const bearer = "JWT or Access Token";
const scheme = `schemes.${bearer}`;
const apiKey = { type: "apiKey", in: "header", name: "X-API-Key" };
const key = set("schemes.ApiKey", apiKey);
const sentHeader =
  (header: string, value: RegExp) =>
  ({ requests }: PlayResult): boolean =>
    requests.some(({ headers }) => value.test(String(headers[header])));
const id = "get_export_job_status_export__job_id__get|getExportJobStatus";

export const authentication: Kind = {
  kind: "Authentication",
  changes: [
    stopped(
      "The scheme has a legal name",
      [bearer],
      [rename(scheme, "BearerAuth"), set("status.security", [{ BearerAuth: [] }])],
    ),
    absorbed("The scheme is Bearer in another case", "none", [set(`${scheme}.scheme`, "Bearer")]),
    absorbed("The scheme is referred to", "none..minor", [
      set("schemes.Token", { type: "http", scheme: "bearer" }),
      set(scheme, { $ref: "#/components/securitySchemes/Token" }),
    ]),
    stopped("The scheme is basic", ["basic|Basic"], [set(`${scheme}.scheme`, "basic")]),
    stopped("The scheme is digest", ["digest"], [set(`${scheme}.scheme`, "digest")]),
    either("The scheme is a key in a header", "major", ["X-API-Key"], [set(scheme, apiKey)], {
      calls: sentHeader("x-api-key", /^a\.b-c$/u),
    }),
    either(
      "The scheme is a key in the query",
      "major",
      ["api_key"],
      [set(scheme, { type: "apiKey", in: "query", name: "api_key" })],
      { calls: ({ requests }) => requests.some(({ url }) => /api_key=a\.b-c/u.test(url)) },
    ),
    stopped(
      "The scheme is a key in a cookie",
      ["cookie"],
      [set(scheme, { type: "apiKey", in: "cookie", name: "session" })],
    ),
    absorbed(
      "The scheme is OAuth 2",
      "none..major",
      [
        set(scheme, {
          type: "oauth2",
          flows: { clientCredentials: { tokenUrl: "https://anaconda.com/token", scopes: {} } },
        }),
      ],
      { calls: sentHeader("authorization", /^Bearer a\.b-c$/u) },
    ),
    absorbed(
      "The scheme is OpenID Connect",
      "none..major",
      [
        set(scheme, {
          type: "openIdConnect",
          openIdConnectUrl: "https://anaconda.com/.well-known",
        }),
      ],
      { calls: sentHeader("authorization", /^Bearer a\.b-c$/u) },
    ),
    absorbed("A key is also accepted", "minor", [key, add("status.security", { ApiKey: [] })], {
      calls: sentHeader("authorization", /^Bearer a\.b-c$/u),
    }),
    absorbed(
      "A key is also accepted, and stands first",
      "minor..major",
      [key, set("status.security", [{ ApiKey: [] }, { [bearer]: [] }])],
      { calls: sentHeader("authorization", /^Bearer a\.b-c$/u) },
    ),
    absorbed(
      "A certificate is also accepted",
      "minor",
      [
        set("schemes.Certificate", { type: "mutualTLS" }),
        add("status.security", { Certificate: [] }),
      ],
      { calls: sentHeader("authorization", /^Bearer a\.b-c$/u) },
    ),
    stopped(
      "A key is also needed",
      ["ApiKey|X-API-Key"],
      [key, set("status.security", [{ [bearer]: [], ApiKey: [] }])],
    ),
    stopped(
      "A key is needed instead",
      ["ApiKey|X-API-Key"],
      [key, set("status.security", [{ ApiKey: [] }])],
    ),
    either("No authentication is needed", "major", [id], [set("status.security", [])]),
    either(
      "Anonymous requests are also accepted",
      "minor..major",
      [id],
      [add("status.security", {})],
    ),
    absorbed("The authentication stands at the root", "none", [
      remove("status.security"),
      set("root.security", [{ [bearer]: [] }]),
    ]),
    absorbed("The format of the token has another name", "none..patch", [
      set(`${scheme}.bearerFormat`, "JWT"),
    ]),
    absorbed("The text of the scheme changes", "none..patch", [
      set(`${scheme}.description`, "A bearer token."),
    ]),
    absorbed("The token needs a scope", "none..major", [
      set("status.security", [{ [bearer]: ["audit:read"] }]),
    ]),
    stopped(
      "The security refers to no scheme",
      ["Missing"],
      [set("status.security", [{ Missing: [] }])],
    ),

    absorbed(
      "The scheme is a key in the header Authorization",
      "major",
      [set(scheme, { type: "apiKey", in: "header", name: "Authorization" })],
      { calls: sentHeader("authorization", /^a\.b-c$/u) },
    ),
    stopped(
      "A certificate is also needed",
      [id, "Certificate|mutualTLS"],
      [
        set("schemes.Certificate", { type: "mutualTLS" }),
        set("status.security", [{ [bearer]: [], Certificate: [] }]),
      ],
    ),
    stopped("The scheme is HOBA", ["hoba"], [set(`${scheme}.scheme`, "hoba")]),
    stopped("The scheme is a certificate", ["mutualTLS"], [set(scheme, { type: "mutualTLS" })]),
    stopped(
      "A key with the name of no header",
      ["getExportJobStatus", "header|cannot be called with the scheme"],
      [set(scheme, { type: "apiKey", in: "header", name: "Host" })],
    ),
    absorbed(
      "A token of another scheme is also accepted",
      "minor",
      [
        set("schemes.Other", { type: "http", scheme: "bearer" }),
        add("status.security", { Other: [] }),
      ],
      { calls: sentHeader("authorization", /^Bearer a\.b-c$/u) },
    ),
    stopped(
      "An operation has a scheme of its own",
      ["getAuditLogs"],
      [
        set("schemes.Other", { type: "http", scheme: "bearer" }),
        set("list.security", [{ Other: [] }]),
      ],
      { base: "whole" },
    ),
    either(
      "A list needs no authentication",
      "major",
      ["getAuditLogs|get_audit_logs__get"],
      [set("list.security", [])],
      { base: "whole" },
    ),
  ],
};
