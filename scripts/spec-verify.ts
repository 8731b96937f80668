import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { transform } from "esbuild";
import { checkBaseUrl } from "../packages/runtime/src/address.ts";
import type { Operations } from "../packages/runtime/src/index.ts";
import { CommandError } from "./command/problem.js";
import { defineCommand, runMain, wrongUsage } from "./command/define-command.js";
import { rootOption } from "./command/repository.js";
import { readProject, selectApis } from "./description/project.ts";
import { parse } from "./description/read.ts";
import { findDrift } from "./traffic/drift.ts";
import { readAll, readersOf } from "./traffic/read-all.ts";
import { recordFetch, withoutSecret, type HarEntry } from "./traffic/record-fetch.ts";

const usage = `pnpm spec:verify [<api>] --base-url URL [--with NAME=VALUE]… [--root DIR] [--json]

Calls every read-only operation of a server, and reports where its responses differ from the
description. It changes nothing on the server. The token is read from the environment variable
<API>_TOKEN, such as AUDIT_LOGS_TOKEN, unless no operation needs one; it is only sent to that server, and
never printed or stored.

  --base-url URL     the server; https, or http on loopback
  --with NAME=VALUE  a parameter by its name in the client, such as jobId, for every operation that has it
  --root DIR         a folder with a redocly.yaml and a generated/ (default: this repository)
  --json             print one JSON object

Exit codes: 0 fine, 1 a finding, 2 wrong usage or environment.`;

export const specVerify = defineCommand(
  usage,
  {
    root: rootOption,
    "base-url": { type: "string" },
    with: { type: "string", multiple: true, default: [] },
  },
  async ({ values, positionals }, stage) => {
    const root = resolve(values.root);
    const apis = selectApis(await readProject(root), positionals, usage).map(({ name }) => name);
    const [api, ...others] = apis;
    if (api === undefined || others.length > 0) {
      throw wrongUsage(`Name one of the APIs ${apis.join(", ")}`, usage);
    }
    const baseUrl = readBaseUrl(values["base-url"]);
    const variable = `${api.toUpperCase().replaceAll("-", "_")}_TOKEN`;
    const token = process.env[variable] || undefined;
    const parameterValues = Object.fromEntries(values.with.map((pair) => readPair(pair)));

    const folder = join(root, "generated", api);
    const file = join(folder, "openapi.json");
    const description = parse(file, await readFile(file, "utf8"));
    const operations = await loadOperations(join(folder, "operations.ts"));
    if (token === undefined && needsToken(operations)) {
      const remedy = "Set it to a token of the API";
      throw new CommandError({ file: variable, fault: "It is not set", remedy }, 2);
    }
    const parameters = new Set(
      readersOf(operations).flatMap(([, operation]) => Object.keys(operation.parameters)),
    );
    const unknown = Object.keys(parameterValues).find((name) => !parameters.has(name));
    if (unknown !== undefined) {
      const known = [...parameters].join(", ");
      throw wrongUsage(`There is no parameter ${unknown}; the parameters are ${known}`, usage);
    }
    const entries: HarEntry[] = [];
    const options = {
      baseUrl,
      ...(token === undefined ? {} : { credentials: credentialsOf(operations, token) }),
      fetch: recordFetch(token, entries),
    };
    const { called, skipped, failures } = await stage("calls", () =>
      readAll(operations, options, parameterValues),
    );
    if (entries.length === 0) {
      const [reason = "no operation is read-only"] = [...failures, ...skipped];
      const fault = `No response was received: ${withoutSecret(reason, token)}`;
      const remedy = "Check the URL, and that the server is running";
      throw new CommandError({ file: baseUrl, fault, remedy }, 2);
    }
    if (token !== undefined && entries.every(({ response }) => response.status === 401)) {
      const fault = "The server refused the token (401)";
      throw new CommandError({ file: variable, fault, remedy: "Set it to a valid token" }, 2);
    }
    const { findings, coverage } = await stage("drift", () =>
      findDrift(entries, baseUrl, description),
    );
    const problems = [...failures, ...findings].map((fault) => ({
      file: baseUrl,
      fault: withoutSecret(fault, token).replace(/\.$/u, ""),
      remedy: "Correct the description with an overlay action, or ask the vendor",
    }));
    if (problems.length > 0) throw new CommandError(problems, 1, { called, skipped, coverage });
    return {
      lines: [
        `Match the description: ${called.join(", ")}`,
        ...skipped,
        `Covered: ${coverage.join(", ")}`,
      ],
      data: { called, skipped, coverage },
    };
  },
);

await runMain(import.meta.url, specVerify);

/**
 * Loads the facts of the operations. The file has no imports; esbuild removes its types, because Node 20
 * cannot run TypeScript.
 */
async function loadOperations(file: string): Promise<Operations> {
  const { code } = await transform(await readFile(file, "utf8"), { loader: "ts" });
  return { ...(await import(`data:text/javascript,${encodeURIComponent(code)}`)) };
}

function readBaseUrl(url: string | undefined): string {
  if (url === undefined) throw wrongUsage("--base-url is missing", usage);
  try {
    checkBaseUrl(url);
    return url;
  } catch {
    throw wrongUsage(
      "--base-url must be https, or http on loopback, without a user name, a query or a fragment",
      usage,
    );
  }
}

function readPair(pair: string): [name: string, value: string] {
  const [, name = "", value = ""] = /^([^=]+)=(.*)$/su.exec(pair) ?? [];
  if (name !== "") return [name, value];
  throw wrongUsage(`${pair} is not NAME=VALUE`, usage);
}

function needsToken(operations: Operations): boolean {
  return Object.values(operations).some(
    (operation) =>
      !("unsupported" in operation) &&
      operation.authentication.length > 0 &&
      operation.authentication.every((schemes) => schemes.length > 0),
  );
}

/** Maps every security scheme to the token: an operation looks up the schemes that it uses. */
function credentialsOf(operations: Operations, token: string): Record<string, string> {
  const schemes = Object.values(operations).flatMap((operation) =>
    "unsupported" in operation ? [] : operation.authentication.flat(),
  );
  return Object.fromEntries(schemes.map(({ scheme }) => [scheme, token]));
}
