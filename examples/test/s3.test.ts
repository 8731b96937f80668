import { createHash } from "node:crypto";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AwsClient } from "aws4fetch";
import { expect, test } from "vitest";
import { urlOf, upload } from "../s3/upload.ts";
import { recordRequests } from "./record-requests.ts";
import { runExample } from "./run-example.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const keys = { accessKeyId: "an-id", secretAccessKey: "a-secret-key" };
const aws = new AwsClient({ ...keys, service: "s3", region: "eu-west-1", initRetryMs: 1 });
const body = Buffer.from("a gzip file");
const sha256 = createHash("sha256").update(body).digest();

/** Starts a server that keeps objects as S3 does: it honours If-None-Match, and checks the digest. */
async function startBucket(): ReturnType<typeof recordRequests> {
  const objects = new Set<string | undefined>();
  return recordRequests((response, { url, headers, body: received }) => {
    const digest = createHash("sha256").update(received).digest("base64");
    if (headers["x-amz-checksum-sha256"] !== digest) {
      response.writeHead(400).end("<Error><Code>BadDigest</Code></Error>");
    } else if (headers["if-none-match"] === "*" && objects.has(url)) {
      response.writeHead(412).end("<Error><Code>PreconditionFailed</Code></Error>");
    } else {
      objects.add(url);
      response.end();
    }
  });
}

test("uploads a day with a signature and both digests, and does not overwrite it", async () => {
  const { url, requests } = await startBucket();
  const objectUrl = urlOf(`${url}/a-bucket`, "2026-01-14");
  expect(await upload(aws, objectUrl, body)).toBe(true);
  expect(requests).toMatchObject([
    {
      method: "PUT",
      url: "/a-bucket/audit-logs/2026/01/14.jsonl.gz",
      headers: {
        "content-length": String(body.length),
        "if-none-match": "*",
        "x-amz-content-sha256": sha256.toString("hex"),
        "x-amz-checksum-sha256": sha256.toString("base64"),
        "x-amz-date": expect.stringMatching(/^\d{8}T\d{6}Z$/u),
      },
      body,
    },
  ]);
  // Nothing that protects the object can be taken away on its way.
  const signed = "host;if-none-match;x-amz-checksum-sha256;x-amz-content-sha256;x-amz-date";
  const { authorization = "" } = requests[0]?.headers ?? {};
  expect(authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=an-id\/\d{8}\/eu-west-1\/s3\/aws4_request, /u,
  );
  expect(authorization).toContain(`SignedHeaders=${signed}, Signature=`);
  expect(await upload(aws, objectUrl, Buffer.from("another file"))).toBe(false);
});

test("tries again after a 503, and reports S3's own message for another status", async () => {
  const answers = [
    { status: 503, xml: "" },
    { status: 403, xml: "<Error><Code>AccessDenied</Code><Message>Not yours</Message></Error>" },
    { status: 301, xml: "" },
  ];
  const { url, requests } = await recordRequests((response) => {
    const { status = 200, xml } = answers.shift() ?? {};
    response.writeHead(status).end(xml);
  });
  const objectUrl = urlOf(`${url}/a-bucket`, "2026-01-14");
  await expect(upload(aws, objectUrl, body)).rejects.toThrow(
    `S3 refused ${objectUrl}: HTTP 403, AccessDenied, Not yours`,
  );
  expect(requests.map((request) => request.body)).toEqual([body, body]);
  await expect(upload(aws, objectUrl, body)).rejects.toThrow("HTTP 301, no code, no message");
});

test("the script uploads the days that are not marked, and marks them", async () => {
  const { url, requests } = await startBucket();
  const folder = await temporaryFolder();
  const days = ["2026-01-13", "2026-01-14", "2026-01-15"].map((day) => `${day}.jsonl.gz`);
  for (const name of days) await writeFile(join(folder, name), name);
  for (const suffix of [".part", ".part.gz", ".job", ".lock"]) {
    await writeFile(join(folder, `2026-01-16.jsonl.gz${suffix}`), "");
  }
  const environment = {
    AWS_REGION: "eu-west-1",
    AWS_ENDPOINT_URL_S3: `${url}/`,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: "a-session-token",
    S3_BUCKET: "a-bucket",
  };
  // Another day was uploaded by an earlier run.
  await writeFile(join(folder, "2026-01-12.jsonl.gz"), "");
  await writeFile(join(folder, "2026-01-12.jsonl.gz.uploaded"), "");
  // The second day cannot be read.
  await rm(join(folder, "2026-01-14.jsonl.gz"));
  await mkdir(join(folder, "2026-01-14.jsonl.gz"));
  // The third is in the bucket already.
  await upload(aws, urlOf(`${url}/a-bucket`, "2026-01-15"), body);

  const run = await runExample("s3", [folder], environment);
  expect(run.exitCode).toBe(1);
  expect(run.stderr).toMatch(/^2026-01-14: E[A-Z]+: /u);
  expect(run.stdout).toBe(
    `2026-01-13: uploaded to ${url}/a-bucket/audit-logs/2026/01/13.jsonl.gz\n` +
      `2026-01-15: left as it is at ${url}/a-bucket/audit-logs/2026/01/15.jsonl.gz\n`,
  );
  expect(requests[1]).toMatchObject({
    url: "/a-bucket/audit-logs/2026/01/13.jsonl.gz",
    headers: { "x-amz-security-token": "a-session-token" },
    body: Buffer.from("2026-01-13.jsonl.gz"),
  });
  const marked = (await readdir(folder)).filter((name) => name.endsWith(".uploaded"));
  expect(marked.toSorted()).toEqual([
    "2026-01-12.jsonl.gz.uploaded",
    "2026-01-13.jsonl.gz.uploaded",
    "2026-01-15.jsonl.gz.uploaded",
  ]);

  const { S3_BUCKET: _bucket, ...rest } = environment;
  expect(await runExample("s3", [folder], rest)).toMatchObject({
    exitCode: 2,
    stderr: "Set S3_BUCKET\n",
  });
});
