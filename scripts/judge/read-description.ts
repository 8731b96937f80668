import { existsSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { createConfig, type Config } from "@redocly/openapi-core";
import { CommandError } from "../command/problem.js";
import { withoutOverlay } from "../description/blame.ts";
import { lint } from "../description/lint.ts";
import { load } from "../description/load.ts";
import { applyOverlays, requireSuccess } from "../description/overlay.ts";
import { readConfig, type Api } from "../description/project.ts";
import type { JsonObject } from "../description/tree.ts";

/**
 * Reads a description from any file, with the files in its folder that it refers to, and lints it.
 *
 * Without a root, the description only has to be valid: the rules are the errors of Redocly's
 * `minimal` that concern validity. With a root, the rules of its redocly.yaml apply.
 */
export async function readDescription(
  role: string,
  file: string,
  root: string | undefined,
): Promise<JsonObject> {
  const path = resolve(file);
  if (!existsSync(path)) {
    const remedy = `Give the path of a description as --${role}`;
    throw new CommandError({ file, fault: "The file does not exist", remedy }, 2);
  }
  const api: Api = {
    name: role,
    folder: ".",
    description: basename(path),
    overlays: [],
    config: root === undefined ? await minimalConfig() : await readConfig(root),
  };
  try {
    const loaded = await load(dirname(path), api);
    const { effective } = requireSuccess(loaded, await applyOverlays(api, loaded));
    await lint(api, effective);
    return effective;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const problems = error.problems.map((problem) => ({
      ...problem,
      file: problem.file === api.description ? file : problem.file,
      fault: `The ${role} cannot be judged: ${problem.fault}`,
      remedy: withoutOverlay(problem.remedy),
    }));
    const reasons = problems.map(({ place, fault }) => ({
      bump: "hold",
      witness: role,
      rule: "not-valid",
      where: place ?? file,
      message: fault,
    }));
    throw new CommandError(problems, error.exitCode, { bump: "hold", reasons });
  }
}

async function minimalConfig(): Promise<Config> {
  const config = await createConfig({
    extends: ["minimal"],
    resolve: { doNotResolveExamples: true },
  });
  for (const version of ["oas3_0", "oas3_1"] as const) {
    const rules = config.rules[version];
    for (const [rule, severity] of Object.entries(rules)) {
      const level = typeof severity === "object" ? severity.severity : severity;
      if (level === "warn") rules[rule] = "off";
    }
    // A URL with a slash at its end is valid.
    rules["no-server-trailing-slash"] = "off";
    // No code is generated from it.
    rules["house/inert-names"] = "off";
    rules["house/extensions"] = "off";
  }
  return config;
}
