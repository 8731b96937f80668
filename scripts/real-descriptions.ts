import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { count } from "./command/count.js";
import { defineCommand, runMain, wrongUsage } from "./command/define-command.js";
import { formatProblem, CommandError } from "./command/problem.js";
import { makeTemporaryFolder } from "./command/temporary-folder.ts";
import { generate } from "./emit/generate.ts";

const usage = `node scripts/run.js real-descriptions <file>… [--json]

Runs generate on each description separately, without overlays and with only the lint rules that
generate requires, and prints a row of a Markdown table for each: the outcome, and how long it took.

Exit codes: 0 fine, whatever the outcomes, 2 wrong usage or environment.`;

const main = defineCommand(usage, {}, async ({ positionals }) => {
  if (positionals.length === 0) throw wrongUsage("It takes files", usage);
  const rows: string[] = [];
  for (const file of positionals) {
    const start = performance.now();
    const outcome = await tryDescription(resolve(file));
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    rows.push(`| ${file} | ${outcome} | ${seconds} |`);
  }
  const lines = ["| Description | Outcome | Seconds |", "| --- | --- | --- |", ...rows];
  return { lines, data: {} };
});

async function tryDescription(file: string): Promise<string> {
  await using root = await makeTemporaryFolder("description");
  const description = `spec/api/${basename(file)}`;
  try {
    await mkdir(join(root.path, "spec/api"), { recursive: true });
    await cp(file, join(root.path, description));
    await writeFile(
      join(root.path, "redocly.yaml"),
      `apis: { api: { root: ${JSON.stringify(description)} } }\nextends: []\n`,
    );
    await generate(root.path, false, async (_name, work) => work());
    const operations = await readFile(join(root.path, "generated/api/operations.ts"), "utf8");
    const all = operations.match(/^export const /gmu)?.length ?? 0;
    const unsupported = operations.match(/^ {2}"unsupported":/gmu)?.length ?? 0;
    return `${count(all, "operation")}, ${unsupported} of them unsupported`;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const [first = "", ...more] = error.problems.map(formatProblem);
    const rest = more.length > 0 ? ` (and ${more.length} more)` : "";
    return `stops: ${first.replaceAll("|", "\\|")}${rest}`;
  }
}

await runMain(import.meta.url, main);
