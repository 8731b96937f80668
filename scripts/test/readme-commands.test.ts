import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../command/repository.js";
import { readArguments } from "../../packages/mock-server/src/arguments.ts";

/** A file that covers a command, and a text in it that shows where. Whether the text runs it is for the reader. */
type Coverage = readonly [file: string, text: string];

const rehearsal: Coverage = [".ci/run", "run.js test-workflows"];
const cron: Coverage = ["examples/test/cron-to-folder.test.ts", 'runExample("cron-to-folder"'];

/** Every command of the documents, and what runs it, its function, or another command of its kind. */
const commands: Readonly<Record<string, Coverage>> = {
  "npm start": [".ci/run", "npm start"],
  "npm test": [".ci/run", "npm test"],
  // The same tests, and the same tasks, with another report.
  "npx vitest run --reporter=verbose": ["package.json", '"test:scripts": "vitest run'],
  "DO_NOT_TRACK=1 npx turbo run test --force --profile=node_modules/.cache/profile": [
    "scripts/command/tasks.js",
    '"run",',
  ],
  "pnpm spec:pull audit-logs <page-or-file-or-url>…": [
    "scripts/fixtures/repository-copy.ts",
    "specPull",
  ],
  "pnpm generate": ["scripts/start.js", '"generate"'],
  "git diff": [".ci/run", "git diff"],
  "pnpm release:plan": ["scripts/test/release/story.test.ts", "releasePlan"],
  "pnpm release:version": ["scripts/test/release-version.test.ts", "releaseVersion"],
  "pnpm release:rehearse": rehearsal,
  // It takes minutes, and no test looks at a time; its last results are where it wrote them.
  "pnpm bench": ["packages/client/bench/README.md", "written by the bench"],
  "npx @audit-logs/cli demo": ["packages/cli/rehearsal/main.cjs", '"npx"'],
  "npm install --global @audit-logs/cli": rehearsal,
  "npm install --save-dev @audit-logs/mock-server": rehearsal,
  "npm init --yes && npm pkg set type=module": ["scripts/release/consumers.ts", '"package.json"'],
  "export AUDIT_LOGS_TOKEN=…": ["packages/cli/test/readme.test.ts", "AUDIT_LOGS_TOKEN"],
  "node --import tsx main.ts /var/lib/audit-logs": cron,
  "node --import tsx main.ts /var/lib/audit-logs 2026-11-01 2026-11-02": cron,
  "node --import tsx main.ts --plain /var/lib/audit-logs": cron,
  "node --import tsx ../cron-to-folder/main.ts --plain /var/lib/audit-logs": cron,
  'filebeat -c "$PWD/filebeat.yml" -e': ["examples/test/elastic-filebeat.test.ts", "filebeat.yml"],
  "node --import tsx main.ts 2026-11-01 2026-11-08": [
    "examples/test/splunk-hec.test.ts",
    'runExample("splunk-hec"',
  ],
};

/**
 * The commands of the command line are all run by its own test; the mock server parses its commands below. The
 * rehearsal installs every package, also that of an API that is added.
 */
const families: Readonly<Record<string, Coverage>> = {
  "npm install @audit-logs/": rehearsal,
  "audit-logs ": ["packages/cli/test/readme.test.ts", "every command of the README"],
  "npx audit-logs-mock-server ": ["packages/mock-server/test/cli.test.ts", '"--description"'],
};

/** The commands in the shell blocks of the READMEs and CONTRIBUTING.md, without their comments. */
async function findCommands(): Promise<readonly string[]> {
  const folders = await Promise.all(
    ["packages", "examples"].map(async (folder) => {
      const names = await readdir(join(repository, folder));
      return [folder, ...names.flatMap((name) => [`${folder}/${name}`, `${folder}/${name}/bench`])];
    }),
  );
  const readmes = ["", ...folders.flat()].map((folder) => join(repository, folder, "README.md"));
  const files = [
    join(repository, "CONTRIBUTING.md"),
    ...readmes.filter((file) => existsSync(file)),
  ];
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  const blocks = texts.flatMap((text) => [...text.matchAll(/^```sh\n(.*?)^```/gms)]);
  return blocks.flatMap(([, block = ""]) =>
    block
      .trimEnd()
      .split("\n")
      .map((line) => line.replace(/ {2,}#.*/, "").trim()),
  );
}

test("every command of the READMEs is listed with the place that is said to cover it, which exists", async () => {
  const found = await findCommands();
  const starts = Object.keys(families);
  const others = found.filter((command) => !starts.some((start) => command.startsWith(start)));
  expect([...new Set(others)].toSorted()).toEqual(Object.keys(commands).toSorted());
  for (const [file, text] of [...Object.values(commands), ...Object.values(families)]) {
    expect([file, await readFile(join(repository, file), "utf8")]).toEqual([
      file,
      expect.stringContaining(text),
    ]);
  }
});

test("every command of audit-logs is in its own README", async () => {
  const readme = await readFile(join(repository, "packages/cli/README.md"), "utf8");
  const found = await findCommands();

  const missing = found.filter(
    (command) => command.startsWith("audit-logs ") && !readme.includes(`\n${command}`),
  );
  expect(missing).toEqual([]);
});

test("the mock server parses the commands of its README", async () => {
  const found = await findCommands();
  const start = "npx audit-logs-mock-server ";
  const lines = found.filter((command) => command.startsWith(start));

  expect(lines).toHaveLength(4);
  for (const line of lines) {
    const file = join(repository, "generated/audit-logs/openapi.json");
    const words = line.slice(start.length).split(" ");
    const args = words.map((word) => (word === "openapi.json" ? file : word));
    expect(readArguments(args)).toBeTruthy();
  }
});
