import { existsSync } from "node:fs";
import { join } from "node:path";
import { escapeControls, CommandError } from "../command/problem.js";
import type { Outcome, Stage } from "../command/define-command.js";
import { explainFailure, lint } from "../description/lint.ts";
import { load, type ApiFiles } from "../description/load.ts";
import { withoutUnusedCopies } from "../description/canonical.ts";
import { applyOverlays, requireSuccess, type OverlayResult } from "../description/overlay.ts";
import { readProject, type Api } from "../description/project.ts";
import { findStaleFiles, findStrayFiles, type StaleFile } from "./stale-files.ts";
import { readGenerated, writeGenerated } from "./files.ts";
import { render } from "./render.ts";

interface GenerateOutcome extends Outcome {
  /** What people should know about their descriptions. */
  readonly notices: readonly string[];
  /** The absolute paths of the lint plugins that redocly.yaml loads. */
  readonly plugins: readonly string[];
}

/**
 * Writes `generated/` from `spec/`, for all APIs or none. With `check`, it only compares.
 *
 * @throws CommandError if a description is refused or, with `check`, if a generated file is stale.
 */
export async function generate(
  root: string,
  check: boolean,
  stage: Stage,
): Promise<GenerateOutcome> {
  const { apis } = await readProject(root);
  const actual = await readGenerated(root);
  const expected = new Map<string, string>();
  const stale: StaleFile[] = [];
  const notices: string[] = [];
  const plugins = new Set<string>();

  for (const api of apis) {
    if (!existsSync(join(root, api.description))) {
      throw new CommandError({
        file: api.description,
        fault: "The file does not exist",
        remedy: `Pull it with pnpm spec:pull ${api.name} <page-or-file-or-url>`,
      });
    }
    const {
      effective: complete,
      notices: skipped,
      outcomes,
      digests,
    } = await readEffective(root, api, stage);
    await stage(`${api.name}: lint`, () => lint(api, complete, outcomes));
    const effective = withoutUnusedCopies(complete);
    const { files, notices: unsupported } = await stage(`${api.name}: types and operations`, () =>
      explainFailure(api, effective, () => render(api, effective, digests)),
    );
    const all = [...skipped, ...unsupported];
    notices.push(...all.map((notice) => escapeControls(`${api.name}: ${notice}`)));
    for (const { absolutePath } of api.config.plugins) if (absolutePath) plugins.add(absolutePath);
    for (const [file, text] of files) expected.set(file, text);
    stale.push(...findStaleFiles(api, files, actual, digests));
  }
  stale.push(...findStrayFiles(actual, apis));

  const common = { notices, plugins: [...plugins] };
  if (check) {
    if (stale.length > 0) throw new CommandError(stale);
    const line = `${expected.size} generated files are up to date`;
    return { ...common, lines: [...notices, line], data: {} };
  }
  await stage("write", () => writeGenerated(root, actual, expected));
  const changed = stale.map(({ file }) => file);
  const lines = changed.map((file) => `${expected.has(file) ? "Wrote" : "Removed"} ${file}`);
  if (changed.length === 0) lines.push("generated/ is up to date");
  return { ...common, lines: [...notices, ...lines], data: { changed } };
}

/** Reads and corrects a description. The files as they were read take much memory, and are not kept. */
async function readEffective(
  root: string,
  api: Api,
  stage: Stage,
): Promise<OverlayResult & Pick<ApiFiles, "digests">> {
  const files = await stage(`${api.name}: guard`, () => load(root, api));
  const result = await stage(`${api.name}: overlay`, async () =>
    requireSuccess(files, await applyOverlays(api, files)),
  );
  return { ...result, digests: files.digests };
}
