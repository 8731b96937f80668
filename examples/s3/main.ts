import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AwsClient } from "aws4fetch";
import { urlOf, upload } from "./upload.ts";

// Uploads the days that ../cron-to-folder has saved. `<file>.uploaded` marks those that are in the bucket.
//
// Exit codes: 0 every day is in the bucket, 1 a day could not be uploaded, 2 wrong usage or environment.

const [folder, ...more] = process.argv.slice(2);
if (folder === undefined || more.length > 0) stop("Usage: node --import tsx main.ts <folder>");
const region = variable("AWS_REGION");
const endpoint = process.env["AWS_ENDPOINT_URL_S3"] || `https://s3.${region}.amazonaws.com`;
const bucket = `${endpoint.replace(/\/$/, "")}/${variable("S3_BUCKET")}`;
const sessionToken = process.env["AWS_SESSION_TOKEN"];
const aws = new AwsClient({
  service: "s3",
  region,
  accessKeyId: variable("AWS_ACCESS_KEY_ID"),
  secretAccessKey: variable("AWS_SECRET_ACCESS_KEY"),
  ...(sessionToken && { sessionToken }),
});

const names = await readdir(folder).catch((error: Error) => stop(error.message));
for (const name of names.toSorted()) {
  const [, day] = /^(\d{4}-\d\d-\d\d)\.jsonl\.gz$/.exec(name) ?? [];
  if (day === undefined || names.includes(`${name}.uploaded`)) continue;
  const url = urlOf(bucket, day);
  try {
    const isNew = await upload(aws, url, await readFile(join(folder, name)));
    console.log(`${day}: ${isNew ? "uploaded to" : "left as it is at"} ${url}`);
    await writeFile(join(folder, `${name}.uploaded`), url);
  } catch (error) {
    // fetch says "fetch failed", and its cause says why.
    const { message, cause } = error instanceof Error ? error : new Error(String(error));
    console.error(`${day}: ${cause instanceof Error ? `${message}: ${cause.message}` : message}`);
    process.exitCode = 1;
  }
}

function variable(name: string): string {
  return process.env[name] || stop(`Set ${name}`);
}

function stop(message: string): never {
  console.error(message);
  process.exit(2);
}
