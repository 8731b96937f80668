import { get } from "node:http";
import { json } from "node:stream/consumers";
import { expect, test } from "vitest";
import { defaultJobId } from "../src/index.ts";
import { startExports } from "./start.ts";

const bearer = { Authorization: "Bearer secret" };

test.each<[string, Record<string, string>]>([
  ["no Authorization", {}],
  ["another scheme", { Authorization: "Basic secret" }],
  ["an empty token", { Authorization: "Bearer " }],
  ["a token that is not accepted", { Authorization: "Bearer other" }],
])("refuses %s with 401 and names the required scheme", async (_, headers) => {
  await using server = await startExports({ token: "secret" });

  const response = await fetch(server.statusUrl(defaultJobId), { headers });

  expect(response.status).toBe(401);
  expect(response.headers.get("WWW-Authenticate")).toBe("Bearer");
  expect(await response.json()).toEqual({ detail: "Not authenticated" });
});

test("accepts each of several tokens", async () => {
  await using server = await startExports({ token: ["first", "second"] });
  const statuses = ["first", "second", "third"].map(async (token) => {
    const headers = { Authorization: `Bearer ${token}` };
    return (await fetch(server.statusUrl(defaultJobId), { headers })).status;
  });

  expect(await Promise.all(statuses)).toEqual([200, 200, 401]);
});

test("accepts any token if no token is configured", async () => {
  await using server = await startExports();

  expect((await fetch(server.statusUrl(defaultJobId), { headers: bearer })).status).toBe(200);
});

test("a refused request does not advance the job", async () => {
  await using server = await startExports({ token: "secret" });
  await fetch(server.statusUrl(defaultJobId));

  const response = await fetch(server.statusUrl(defaultJobId), { headers: bearer });

  expect(await response.json()).toMatchObject({ status: "pending" });
});

test.each(["7", "..%2F", "%2e%2e", `${defaultJobId}x`])(
  "refuses the job id %s with 422 in FastAPI's form",
  async (jobId) => {
    await using server = await startExports();

    expect(
      await getUnresolved(server.statusUrl(defaultJobId).replace(defaultJobId, jobId)),
    ).toEqual({
      status: 422,
      body: {
        detail: [
          {
            loc: ["path", expect.any(String)],
            msg: 'must match format "uuid"',
            type: "uuid_parsing",
          },
        ],
      },
    });
  },
);

test("refuses a query parameter that the description does not have", async () => {
  await using server = await startExports();

  const response = await fetch(`${server.statusUrl(defaultJobId)}?verbose=1`, { headers: bearer });

  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({ detail: [{ loc: ["query", "verbose"] }] });
});

test("checks the token before the rest of the request", async () => {
  await using server = await startExports();

  expect((await fetch(server.statusUrl("7"))).status).toBe(401);
});

test("responds with 404 for an unknown job", async () => {
  await using server = await startExports();
  const url = server.statusUrl("00000000-0000-4000-8000-000000000000");

  const response = await fetch(url, { headers: bearer });

  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ detail: "Job not found" });
});

test("responds with 404 for an unknown path", async () => {
  await using server = await startExports();

  const response = await fetch(`${server.url}/nowhere`, { headers: bearer });

  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ detail: "Not Found" });
});

test("responds with 400 for a path that cannot be decoded", async () => {
  await using server = await startExports();
  const url = server.statusUrl(defaultJobId).replace(defaultJobId, "%zz");

  expect(await getUnresolved(url)).toMatchObject({ status: 400 });
});

test.each(["POST", "DELETE", "HEAD"])(
  "responds with 405 for %s and says what is allowed",
  async (method) => {
    await using server = await startExports();

    const response = await fetch(server.statusUrl(defaultJobId), { method, headers: bearer });

    expect(response.status).toBe(405);
    expect(response.headers.get("Allow")).toBe("GET");
  },
);

/** A GET that sends its path unchanged; `fetch` would resolve `%2e%2e`. */
function getUnresolved(url: string): Promise<{ status: number | undefined; body: unknown }> {
  const { hostname, port, origin } = new URL(url);
  return new Promise((resolve, reject) => {
    get({ hostname, port, path: url.slice(origin.length), headers: bearer }, async (response) => {
      resolve({ status: response.statusCode, body: await json(response) });
    }).on("error", reject);
  });
}
