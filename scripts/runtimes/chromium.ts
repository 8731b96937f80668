import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, request as ask, type RequestListener, type Server } from "node:http";
import { join } from "node:path";
import { pipeline, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { CommandError } from "../command/problem.ts";
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
    const [version = ""] = /[\d.]+/u.exec(await execute("chromium", ["--version"])) ?? [];
    return { path: "chromium", version };
  } catch {
    const remedy = "Install it (`apt-get install chromium`), or leave it out with --only";
    throw new CommandError({ file: "chromium", fault: "it is not on the PATH", remedy }, 2);
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

  const api = await listen((request, response) => allowOtherOrigins(origin, request, response));
  const site = await listen(async (request, response) => {
    const script = scripts[request.url ?? ""];
    if (request.method === "POST") {
      report = JSON.parse(await text(request));
      reported.abort();
    } else if (script) {
      response.setHeader("content-type", "text/javascript");
      response.end(await readFile(script));
    } else {
      response.setHeader("content-type", "text/html");
      response.end(page(originOf(api) + pathname));
    }
  });
  try {
    await execute(
      program,
      // Chromium has no sandbox for root. It only loads this page.
      ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${folder}`, originOf(site)],
      { stop: reported.signal },
    );
    return report;
  } finally {
    for (const server of [api, site]) {
      server.close();
      server.closeAllConnections();
    }
  }
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
  // The download URL of a job must have this origin, too.
  const rewrite = async function* (body: Readable) {
    yield (await text(body)).replaceAll(origin, `http://${headers.host}`);
  };
  ask(origin + url, { method, headers }, (answer) => {
    const isJob = answer.headers["content-type"] === "application/json";
    if (isJob) delete answer.headers["content-length"];
    response.writeHead(answer.statusCode ?? 0, answer.headers);
    // If the response breaks off, the proxied response does, too.
    pipeline(isJob ? Readable.from(rewrite(answer)) : answer, response, () => undefined);
  })
    .on("error", () => response.destroy())
    .end();
}

async function listen(handle: RequestListener): Promise<Server> {
  const server = createServer(handle).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function originOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("It has no port");
  return `http://127.0.0.1:${address.port}`;
}
