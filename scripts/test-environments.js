import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { defineCommand, runMain, wrongUsage } from "./command/define-command.js";
import { CommandError } from "./command/problem.js";
import { repository } from "./command/repository.js";

const usage = `pnpm test:environments [NAME…] [--times N] [--node PROGRAM] [--data DIR] [--keep]
                            [--json]

Runs the README's two commands like a newcomer: in a fresh clone of the last commit, with an empty
home, and in one of these environments:

  plain      only PATH and HOME
  ci         CI=true
  npmrc      everything unusual in the user's npm configuration
  pnpm       the same in the user's pnpm configuration, and a setting in a variable
  user       a locale, a time zone, colours, NODE_OPTIONS, a git configuration, a pnpm and a turbo
  no-color   NO_COLOR=1
  umask      umask 077
  space      a path with a space
  load       four busy loops per processor at the same time
  second-api a second API, added between the two as CONTRIBUTING.md says

  NAME            only these environments (default: all)
  --times N       how often in a row, each time in a new clone (default: 1)
  --node PROGRAM  another Node.js, with npm in the same folder (default: the running one)
  --data DIR      the XDG_DATA_HOME of the commands, with a pnpm store that others filled (default: none,
                  so each environment fetches every dependency)
  --keep          keep the clones and what the commands wrote
  --json          print one JSON object

Exit codes: 0 all succeeded, 1 one failed, 2 wrong usage or environment.`;

const npmrc = `audit=true
color=always
dry-run=true
engine-strict=true
fund=true
global=true
ignore-scripts=true
json=true
legacy-peer-deps=true
omit=dev
package-lock=false
progress=true
save=false
strict-peer-deps=true
update-notifier=true
yes=false
`;
const pnpmConfig = `enableGlobalVirtualStore: true
enableModulesDir: false
hoist: false
injectWorkspacePackages: true
modulesDir: elsewhere
recursiveInstall: false
shamefullyHoist: true
sharedWorkspaceLockfile: false
symlink: false
virtualStoreDir: elsewhere
virtualStoreOnly: true
`;
const gitconfig = `[user]
  useConfigOnly = true
[commit]
  gpgSign = true
[init]
  defaultBranch = trunk
[core]
  autocrlf = true
  hooksPath = ~/hooks
[status]
  short = false
[color]
  ui = always
`;
const addApi = `set -e
npx tsx --eval 'import("./scripts/test/fixtures/second-api.ts").then((it) => console.log(it.secondApi()))' > ../shelf.json
npm run spec:pull shelf ../shelf.json
entry='  shelf: { root: spec/shelf/openapi.json, rules: { house/operation-authentication: off } }'
awk -v entry="$entry" '{ print } /^apis:$/ { print entry }' redocly.yaml > ../redocly.yaml
mv ../redocly.yaml .
npm run generate
npm run client:add shelf
npx pnpm install
npm run build
npm run release:plan
git add --all
`;
const refusal = "#!/bin/sh\necho 'This is the program or the hook of somebody else' >&2\nexit 1\n";

/**
 * @typedef {object} Environment
 * @property {Readonly<Record<string, string>>} [variables]
 * @property {Readonly<Record<string, string>>} [home] the files in the home folder, by path
 * @property {string} [folder] the folder of the clone
 * @property {number} [umask]
 * @property {number} [busyLoops]
 * @property {string} [change] a shell script between the two commands
 */

/** @type {Readonly<Record<string, Environment>>} */
const environments = {
  plain: {},
  ci: { variables: { CI: "true" } },
  npmrc: { home: { ".npmrc": npmrc } },
  pnpm: {
    variables: { PNPM_CONFIG_OPTIONAL: "false" },
    home: { ".config/pnpm/config.yaml": pnpmConfig },
  },
  user: {
    variables: {
      LANG: "tr_TR.UTF-8",
      LC_ALL: "tr_TR.UTF-8",
      TZ: "Pacific/Chatham",
      FORCE_COLOR: "3",
      NODE_ENV: "production",
      NODE_OPTIONS: "--trace-warnings --max-http-header-size=20000",
    },
    home: {
      ".gitconfig": gitconfig,
      "hooks/pre-commit": refusal,
      "bin/pnpm": refusal,
      "bin/turbo": refusal,
    },
  },
  "no-color": { variables: { NO_COLOR: "1" } },
  umask: { umask: 0o077 },
  space: { folder: "a clone" },
  load: { busyLoops: 4 * availableParallelism() },
  "second-api": { change: addApi },
};

const testEnvironments = defineCommand(
  usage,
  {
    times: { type: "string", default: "1" },
    node: { type: "string", default: process.execPath },
    data: { type: "string" },
    keep: { type: "boolean", default: false },
  },
  async ({ values, positionals }, _stage, output) => {
    const known = Object.keys(environments);
    const names = positionals.length > 0 ? positionals : known;
    const unknown = names.find((name) => !known.includes(name));
    if (unknown !== undefined) {
      const fault = `There is no environment '${unknown}'; the environments are ${known.join(", ")}`;
      throw wrongUsage(fault, usage);
    }
    if (!/^[1-9]\d*$/u.test(values.times)) {
      throw wrongUsage("--times must be a whole number, 1 or more", usage);
    }
    const node = resolve(values.node);
    if (!existsSync(node)) throw wrongUsage(`--node: ${node} does not exist`, usage);
    const failed = [];
    for (let turn = 1; turn <= Number(values.times); turn += 1) {
      for (const name of names) {
        if (!(await tryIn(name, { ...values, node }, output))) failed.push(name);
      }
    }
    if (failed.length === 0) return { lines: [], data: {} };
    const [file, fault] = [failed.join(", "), "It failed"];
    throw new CommandError({ file, fault, remedy: "Its output is above" });
  },
);

await runMain(import.meta.url, testEnvironments);

/**
 * @param {string} name
 * @param {{ node: string, data?: string | undefined, keep: boolean }} options
 * @param {import("./command/terminal.js").Output} output
 */
async function tryIn(name, { node, data, keep }, output) {
  const {
    variables,
    home: files = {},
    folder = "clone",
    umask,
    busyLoops = 0,
    change = "",
  } = /** @type {Environment} */ (environments[name]);
  const place = mkdtempSync(join(tmpdir(), "environment-"));
  const home = join(place, "home");
  for (const [file, text] of Object.entries({ "bin/.keep": "", ...files })) {
    mkdirSync(dirname(join(home, file)), { recursive: true });
    writeFileSync(join(home, file), text, { mode: 0o755 });
  }
  const path = [join(home, "bin"), dirname(node), "/usr/local/bin", "/usr/bin", "/bin"];
  const store = data === undefined ? {} : { XDG_DATA_HOME: resolve(data) };
  const env = { PATH: path.join(":"), HOME: home, ...store, ...variables };
  const clone = join(place, folder);
  const loops = Array.from({ length: busyLoops }, () =>
    spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }),
  );
  const before = umask === undefined ? undefined : process.umask(umask);
  try {
    const steps = [
      ["git", "clone", "--quiet", "--no-local", repository, clone],
      ["npm", "start"],
      ["sh", "-c", change],
      ["npm", "test"],
      ["git", "diff", "--exit-code"],
    ];
    for (const [index, [program = "", ...args]] of steps.entries()) {
      const start = performance.now();
      const log = join(place, `${index}.log`);
      const file = openSync(log, "w");
      const child = spawn(program, args, {
        cwd: index === 0 ? place : clone,
        env: program === "git" ? { PATH: process.env["PATH"], HOME: place } : env,
        stdio: ["ignore", file, file],
      });
      const [exitCode] = await once(child, "close");
      if (program === "npm" || exitCode !== 0) {
        const seconds = Math.round((performance.now() - start) / 1000);
        output.print(`${exitCode === 0 ? "✔" : "✘"} ${name}: ${program} ${args[0]}, ${seconds} s`);
      }
      if (exitCode === 0) continue;
      output.printError(readFileSync(log, "utf8").split("\n").slice(-60).join("\n"));
      return false;
    }
    return true;
  } finally {
    if (before !== undefined) process.umask(before);
    for (const loop of loops) loop.kill("SIGKILL");
    if (keep) output.print(`  kept in ${place}`);
    else rmSync(place, { recursive: true, force: true, maxRetries: 5 });
  }
}
