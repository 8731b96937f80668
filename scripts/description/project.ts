import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { createConfig, lintConfig, Source, type Config } from "@redocly/openapi-core";
import { wrongUsage } from "../command/define-command.js";
import { CommandError, type Problem } from "../command/problem.js";
import { ClosedResolver } from "./closed-resolver.ts";
import house from "./house-rules.js";
import { nearest } from "./nearest.ts";
import { decode, parseData, readBytes } from "./read.ts";
import { isObject, objectOf, toPointer, type JsonObject } from "./tree.ts";

/** An API of `redocly.yaml`. All paths are relative to the project's root, with forward slashes. */
export interface Api {
  readonly name: string;
  /** The folder of the description; nothing outside it belongs to the API. */
  readonly folder: string;
  readonly description: string;
  readonly overlays: readonly string[];
  /** The lint rules, including those that `redocly.yaml` sets for this API only. */
  readonly config: Config;
}

/** A folder with a `redocly.yaml` and a `spec/`. */
export interface Project {
  readonly root: string;
  readonly apis: readonly Api[];
}

const file = "redocly.yaml";

/** Reads the lint rules of `redocly.yaml`. */
export async function readConfig(root: string): Promise<Config> {
  if (!existsSync(join(root, file))) {
    throw new CommandError(
      {
        file: join(root, file),
        fault: "The file does not exist",
        remedy: "Pass a folder with a redocly.yaml and a spec/ as --root",
      },
      2,
    );
  }
  if (existsSync(join(root, ".redocly.lint-ignore.yaml"))) {
    throw new CommandError({
      file: ".redocly.lint-ignore.yaml",
      fault: "An ignore file hides findings without a reason",
      remedy:
        "Correct the description with an overlay action, or turn the rule off in redocly.yaml and say why",
    });
  }
  const raw = parseData(file, decode(file, await readBytes(join(root, file), file)));
  if (!isObject(raw)) {
    const remedy = "Start it with apis: {}, and add each API that you pull";
    throw new CommandError({ file, fault: "It is not a mapping", remedy });
  }
  // An example is data, although Redocly would follow a $ref in it (OpenAPI 3.1 §4.8.14.1).
  const settings = { ...objectOf(raw["resolve"]), doNotResolveExamples: true };
  const complete = { ...structuredClone(raw), resolve: settings };
  const config = await createConfig(complete as Parameters<typeof createConfig>[0], {
    configPath: join(root, file),
    externalRefResolver: new ClosedResolver(),
  }).catch(async (error: unknown) => {
    const faults = await checkConfig(raw);
    if (faults.length > 0) throw new CommandError(faults);
    const fault = error instanceof Error ? error.message.replace(/\.$/u, "") : String(error);
    throw new CommandError({ file, fault, remedy: "Fix it there" });
  });
  // The first check has clearer messages.
  const faultyRules = checkRules(raw, config);
  const problems = faultyRules.length > 0 ? faultyRules : await checkConfig(raw);
  if (problems.length > 0) throw new CommandError(problems);
  return config;
}

/** Finds what Redocly would ignore or fail at, such as a misspelt key or a file of rules. */
async function checkConfig(raw: JsonObject): Promise<Problem[]> {
  const config = await createConfig({});
  // A key without a value says nothing.
  const parsed = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null));
  config.document = { source: new Source(file, ""), parsed };
  delete config.resolvedRefMap;
  const findings = await lintConfig({ config, externalRefResolver: new ClosedResolver() });
  return findings.map(({ ruleId, message, location: [location], suggest }) => ({
    file,
    ...(location?.pointer === undefined ? {} : { place: location.pointer }),
    ...(ruleId.endsWith("no-unresolved-refs")
      ? { fault: "No other file is read", remedy: "Write what it contains into this file" }
      : {
          fault: message.replace(/\.$/u, ""),
          remedy: suggest.length === 1 ? `Did you mean ${suggest[0]}?` : "Fix it there",
        }),
  }));
}

/** Finds rules that Redocly does not know and would ignore. */
function checkRules(raw: JsonObject, { plugins }: Config): Problem[] {
  const known = new Set(
    // The house rules are available in every project.
    [...plugins, house()].flatMap(({ id, rules = {} }) =>
      Object.values(rules).flatMap((versionRules) =>
        Object.keys(versionRules ?? {}).map((name) => (id === "" ? name : `${id}/${name}`)),
      ),
    ),
  );
  const apis = Object.entries(objectOf(raw["apis"]));
  const holders: [string[], unknown][] = [
    [[], raw],
    ...apis.map(([name, api]): [string[], unknown] => [["apis", name], api]),
  ];
  return holders.flatMap(([path, holder]) => {
    const rules = objectOf(holder)["rules"];
    return Object.entries(objectOf(rules)).flatMap(([name, value]): Problem[] => {
      const place = toPointer([...path, "rules", name]);
      const severity = isObject(value) ? value["severity"] : value;
      // Rules of the form rule/name are assertions defined in the file itself.
      if (!known.has(name) && !name.startsWith("rule/")) {
        const other = nearest(name, [...known]);
        const remedy = other === undefined ? "Remove it" : `Did you mean ${other}?`;
        return [{ file, place, fault: "This lint rule does not exist", remedy }];
      }
      if (severity === undefined || ["error", "warn", "off"].includes(String(severity))) return [];
      const fault = `${JSON.stringify(severity)} is not a severity`;
      return [{ file, place, fault, remedy: "Write error, warn or off" }];
    });
  });
}

/** Reads `redocly.yaml`, the only list of APIs. It may be empty before the first pull. */
export async function readProject(root: string, mayBeEmpty = false): Promise<Project> {
  const config = await readConfig(root);
  const apis = Object.entries(config.resolvedConfig.apis ?? {}).map(([name, api]): Api => {
    const place = `#/apis/${apiName(name, { file, place: "#/apis" })}`;
    const pathInFolder = (path: string): string => {
      const inRoot = relative(root, resolve(root, path)).replaceAll("\\", "/");
      if (!inRoot.startsWith(`spec/${name}/`)) {
        throw new CommandError({
          file,
          place,
          fault: `${path} is not inside spec/${name}/`,
          remedy: "Keep all of an API's files in its own folder",
        });
      }
      return inRoot;
    };
    const description = pathInFolder(api.root);
    const overlays = (api.overlays ?? []).map(pathInFolder);
    const repeated = overlays.findIndex((path, index) => overlays.indexOf(path) < index);
    if (repeated >= 0) {
      throw new CommandError({
        file,
        place: `${place}/overlays/${repeated}`,
        fault: `${overlays[repeated]} is listed twice`,
        remedy: "Remove one of the two",
      });
    }
    return {
      name,
      folder: dirname(description),
      description,
      overlays,
      config: config.forAlias(name),
    };
  });
  if (apis.length === 0 && !mayBeEmpty) {
    throw new CommandError({
      file,
      place: "#/apis",
      fault: "It lists no API",
      remedy:
        "Pull one with pnpm spec:pull <name> <page-or-file-or-url>, and add the entry that it prints",
    });
  }
  return { root, apis };
}

/** Selects the APIs that are named on the command line; without names, all. */
export function selectApis(
  { apis }: Project,
  names: readonly string[],
  usage: string,
): readonly Api[] {
  const unknown = names.find((name) => !apis.some((api) => api.name === name));
  if (unknown !== undefined) {
    const known = apis.map(({ name }) => name).join(", ");
    throw wrongUsage(`${unknown} is not an API; the APIs are ${known}`, usage);
  }
  return names.length === 0 ? apis : apis.filter(({ name }) => names.includes(name));
}

/** Validates the name of an API, which is also the name of its folders. Node finds packages in node_modules. */
export function apiName(name: string, source: Pick<Problem, "file" | "place">): string {
  if (/^(?!node_modules$)[a-z0-9][a-z0-9_-]*$/u.test(name)) return name;
  throw new CommandError({
    ...source,
    fault: `${JSON.stringify(name)} cannot name an API, because it must also name a folder`,
    remedy:
      "Begin with a lower-case letter or a digit, and use only these, hyphens and underscores, but not node_modules",
  });
}
