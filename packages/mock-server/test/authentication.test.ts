import { expect, test } from "vitest";
import { startMockServer } from "../src/index.ts";
import { describeOperation } from "./exports-description.ts";

const securitySchemes = {
  bearer: { type: "http", scheme: "Bearer" },
  oauth: { type: "oauth2", flows: {} },
  openId: { type: "openIdConnect", openIdConnectUrl: "https://example.com" },
  header: { type: "apiKey", in: "header", name: "X-Key" },
  query: { type: "apiKey", in: "query", name: "key" },
  basic: { type: "http", scheme: "basic" },
};

interface Sent {
  readonly headers?: Record<string, string>;
  readonly search?: string;
}

async function statusOf(
  security: readonly object[] | undefined,
  { headers = {}, search = "" }: Sent,
): Promise<number> {
  const operation = security === undefined ? {} : { security };
  const description = {
    ...describeOperation(operation, { components: { securitySchemes } }),
    security: [{ bearer: [] }],
  };
  await using server = await startMockServer({ description, token: ["secret", "s p"] });
  return (await fetch(`${server.url}/thing${search}`, { headers })).status;
}

const bearer = { Authorization: "Bearer secret" };
const key = { "X-Key": "secret" };

test.each<[string, readonly object[] | undefined, Sent, number]>([
  ["the root's scheme", undefined, { headers: bearer }, 204],
  ["the root's scheme, without a token", undefined, {}, 401],
  ["none", [], {}, 204],
  ["OAuth", [{ oauth: [] }], { headers: bearer }, 204],
  ["OpenID", [{ openId: [] }], { headers: bearer }, 204],
  ["a key in a header", [{ header: [] }], { headers: key }, 204],
  ["a wrong key in a header", [{ header: [] }], { headers: { "X-Key": "other" } }, 401],
  ["a token where a key is due", [{ header: [] }], { headers: bearer }, 401],
  ["a key in the query", [{ query: [] }], { search: "?key=s%20p" }, 204],
  ["a wrong key in the query", [{ query: [] }], { search: "?key=other" }, 401],
  ["two at once", [{ header: [], query: [] }], { headers: key, search: "?key=secret" }, 204],
  ["one of two", [{ header: [], query: [] }], { headers: key }, 401],
  ["the second alternative", [{ header: [] }, { bearer: [] }], { headers: bearer }, 204],
  ["an alternative that is known", [{ basic: [] }, { bearer: [] }], { headers: bearer }, 204],
  ["nobody in particular", [{ bearer: [] }, {}], {}, 204],
  ["what is not known", [{ basic: [] }], { headers: bearer }, 501],
])("authentication by %s", async (_, security, sent, status) => {
  expect(await statusOf(security, sent)).toBe(status);
});
