import { readFile } from "node:fs/promises";
import { createServer, request as send, type RequestListener } from "node:http";
import { join } from "node:path";
import { pipeline, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { listenOnLoopback } from "../command/listen-on-loopback.ts";
import { CommandError } from "../command/problem.js";
import { execute } from "./execute.ts";
import type { Program } from "./install.ts";
import { clientPath } from "./modules.ts";
import type { Report } from "./scenario.js";

const page = (baseUrl: string): string => `<!doctype html>
<link rel="icon" href="data:," />
<script type="importmap">
  { "imports": { "@audit-logs/client": "/client.js" } }
</script>
<script type="module">
  const report = await import("/scenario.js").then(
    ({ play }) => play("${baseUrl}"),
    (error) => ({ passed: [], failure: String(error) }),
  );
  await fetch("/report", { method: "POST", body: JSON.stringify(report) });
</script>`;

const scripts: Readonly<Record<string, string>> = {
  "/scenario.js": join(import.meta.dirname, "scenario.js"),
  "/client.js": clientPath,
};

/** Finds Chromium, which must be installed on the system. */
export async function findChromium(): Promise<Program> {
  try {
    const path = (await execute("which", ["chromium"])).trim();
    const [version = ""] = /[\d.]+/u.exec(await execute(path, ["--version"])) ?? [];
    return { path, version };
  } catch {
    const remedy = "Install it (`apt-get install chromium`)";
    throw new CommandError({ file: "chromium", fault: "It is not on the PATH", remedy }, 2);
  }
}

/** Plays the scenario in a page whose origin differs from the API's. */
export async function playInChromium(
  program: string,
  baseUrl: string,
  folder: string,
): Promise<Report> {
  const { origin, pathname } = new URL(baseUrl);
  const reported = new AbortController();
  let report: Report = { passed: [], failure: "Chromium exited before the page reported" };

  await using api = await listenOnLoopback(
    createServer((request, response) => allowOtherOrigins(origin, request, response)),
  );
  const server = createServer(async (request, response) => {
    const script = scripts[request.url ?? ""];
    if (request.method === "POST") {
      report = JSON.parse(await text(request));
      reported.abort();
    } else if (script) {
      response.setHeader("content-type", "text/javascript");
      response.end(await readFile(script));
    } else {
      response.setHeader("content-type", "text/html");
      response.end(page(api.origin + pathname));
    }
  });
  await using site = await listenOnLoopback(server);
  await execute(
    program,
    // Chromium has no sandbox for root. It only loads this page.
    ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${folder}`, site.origin],
    { stop: reported.signal },
  );
  return report;
}

/**
 * Proxies the mock server, which serves one origin as the description does, and allows pages of any origin
 * to call it (https://fetch.spec.whatwg.org/#http-cors-protocol).
 */
function allowOtherOrigins(origin: string, ...[request, response]: Parameters<RequestListener>) {
  const { method, url = "", headers } = request;
  response.setHeader("access-control-allow-origin", "*");
  if (method === "OPTIONS") {
    const requestedHeaders = headers["access-control-request-headers"] ?? "";
    response.writeHead(204, { "access-control-allow-headers": requestedHeaders }).end();
    return;
  }
  // The download URL of a job must also have this origin.
  const rewrite = async function* (body: Readable) {
    yield (await text(body)).replaceAll(origin, `http://${headers.host}`);
  };
  send(origin + url, { method, headers }, (received) => {
    const isJob = received.headers["content-type"] === "application/json";
    if (isJob) delete received.headers["content-length"];
    response.writeHead(received.statusCode ?? 0, received.headers);
    // If the response breaks off, so does the proxied response.
    pipeline(isJob ? Readable.from(rewrite(received)) : received, response, () => undefined);
  })
    .on("error", () => response.destroy())
    .end();
}
