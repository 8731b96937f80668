import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { lastLines, runProgram } from "../command/program.js";
import { makeTemporaryFolder } from "../command/temporary-folder.ts";
import { isObject, methods, objectOf, type JsonObject } from "../description/tree.ts";
import { cli } from "../judge/description-diff.ts";
import type { HarEntry } from "./record-fetch.ts";

/** The differences between traffic and a description. */
interface Drift {
  /** Traffic that the description does not allow. */
  readonly findings: readonly string[];
  /** How much of the description the traffic covered, such as `operations: 3 of 5`. */
  readonly coverage: readonly string[];
}

/** Compares recorded traffic of a server with a description, using `redocly drift`. */
export async function findDrift(
  entries: readonly HarEntry[],
  server: string,
  description: JsonObject,
): Promise<Drift> {
  await using folder = await makeTemporaryFolder("drift");
  const log = { version: "1.2", creator: { name: "spec-verify", version: "1" }, entries };
  await writeFile(join(folder.path, "traffic.har"), JSON.stringify({ log }));
  await writeFile(join(folder.path, "openapi.json"), JSON.stringify(description));
  const report = "--format json --output report.json --coverage-output coverage.json".split(" ");
  const args = ["drift", "traffic.har", "--api", "openapi.json", "--server", server, ...report];
  const result = await runProgram(process.execPath, [join(cli, "../bin/cli.js"), ...args], {
    cwd: folder.path,
  });
  if (result.exitCode > 1) {
    throw new Error(`redocly drift failed: ${lastLines(result)}`);
  }
  const { problems }: { problems: readonly { message: string }[] } = JSON.parse(
    await readFile(join(folder.path, "report.json"), "utf8"),
  );
  const { totals }: { totals: Readonly<Record<string, { covered: number; total: number }>> } =
    JSON.parse(await readFile(join(folder.path, "coverage.json"), "utf8"));
  const ofKeys = findingsOfKeys(description);
  return {
    findings: [
      ...problems.map(({ message }) => message).filter((message) => !ofKeys.has(message)),
      ...undocumentedStatuses(entries, new URL(server).pathname, description),
    ],
    coverage: Object.entries(totals).map(
      ([what, { covered, total }]) => `${what}: ${covered} of ${total}`,
    ),
  };
}

/** The findings about API keys, which `redocly drift` treats as undocumented parameters. */
function findingsOfKeys({ components }: JsonObject): Set<string> {
  const { securitySchemes } = objectOf(components);
  return new Set(
    Object.values(objectOf(securitySchemes))
      .filter(isObject)
      .map(({ in: location, name }) => {
        const what = location === "query" ? "query parameter" : String(location);
        return `Undocumented ${what} in traffic: "${String(name)}"`;
      }),
  );
}

/** Finds undocumented statuses, which `redocly drift` does not report. */
function undocumentedStatuses(
  entries: readonly HarEntry[],
  basePath: string,
  { paths }: JsonObject,
): string[] {
  const findings = entries.flatMap(({ request, response }) => {
    const path = new URL(request.url).pathname.slice(basePath.replace(/\/$/u, "").length);
    const [template = "", item] =
      Object.entries(objectOf(paths))
        .toSorted(([left], [right]) => left.split("{").length - right.split("{").length)
        .find(([candidate]) => matches(candidate, path)) ?? [];
    const method = methods.find((candidate) => candidate === request.method.toLowerCase());
    const operation = isObject(item) && method !== undefined ? item[method] : undefined;
    const responses = objectOf(operation)["responses"];
    const { status } = response;
    const keys = [`${status}`, `${String(status)[0]}XX`, "default"];
    if (!isObject(responses) || keys.some((key) => key in responses)) return [];
    return [`Undocumented status: ${request.method} ${template} responded with ${status}`];
  });
  return [...new Set(findings)];
}

function matches(template: string, path: string): boolean {
  const [pattern, actual] = [template.split("/"), path.split("/")];
  return (
    pattern.length === actual.length &&
    pattern.every((part, index) => part.includes("{") || part === actual[index])
  );
}
