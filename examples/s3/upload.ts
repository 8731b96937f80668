import { createHash } from "node:crypto";
import type { AwsClient } from "aws4fetch";

/** The URL of a day's object: `<bucket>/audit-logs/YYYY/MM/DD.jsonl.gz`. */
export function urlOf(bucket: string, day: string): string {
  return `${bucket}/audit-logs/${day.replaceAll("-", "/")}.jsonl.gz`;
}

/**
 * Uploads an object, unless there is one at the URL. S3 verifies both digests: one is signed, the
 * other is kept with the object.
 *
 * @returns whether it was uploaded
 */
export async function upload(aws: AwsClient, url: string, body: Buffer): Promise<boolean> {
  const sha256 = createHash("sha256").update(body).digest();
  const response = await aws.fetch(url, {
    method: "PUT",
    headers: {
      "Content-Type": "application/gzip",
      "If-None-Match": "*",
      "X-Amz-Content-Sha256": sha256.toString("hex"),
      "X-Amz-Checksum-Sha256": sha256.toString("base64"),
    },
    body,
    // S3 redirects to the right region, where this signature would be wrong.
    redirect: "manual",
  });
  const xml = await response.text();
  if (response.ok) return true;
  if (response.status === 412) return false;
  const [code, message] = ["Code", "Message"].map(
    (name) => new RegExp(`<${name}>([^<]*)`).exec(xml)?.[1] ?? `no ${name.toLowerCase()}`,
  );
  throw new Error(`S3 refused ${url}: HTTP ${response.status}, ${code}, ${message}`);
}
