import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { childEnvironment } from "./command/environment.js";
import { End, endWith } from "./command/end.js";
import { lastLines, runProgram } from "./command/program.js";
import { applyChange } from "./proposal/apply.js";

const usage = `npm run pull-request -- <branch> <folder> --title TITLE [--root DIR]

Takes the change that "npm run change -- <folder>" wrote to a branch, opens the one pull request from
there to main or updates it, and starts CI on it. Works in GitHub Actions, with GH_TOKEN set. It runs
nothing that was installed, and takes no file that this branch is not for: spec-sync brings spec/,
generated/ and changesets, release brings versions, changelogs and what is released.

A branch to which somebody else has committed is left alone: what changes meanwhile is proposed
after it is merged.

  --root DIR  the clone (default: this one)

Exit codes: 0 fine, 1 the change has what the branch is not for, 2 wrong usage or environment.`;

const repository = fileURLToPath(new URL("..", import.meta.url));

const author = "github-actions[bot]";
const email = "41898282+github-actions[bot]@users.noreply.github.com";

// Only says when the page was fetched, if nothing else changed.
const isNoChange = ":!spec/*/sources.json";

// GitHub takes 65536.
const maxLength = 60_000;

await endWith(async () => {
  const { values, positionals } = parseArgs({
    options: {
      title: { type: "string" },
      root: { type: "string", default: repository },
      help: { type: "boolean" },
    },
    allowPositionals: true,
  });
  if (values.help) return console.log(usage);
  const [branch, folder, ...rest] = positionals;
  const { title } = values;
  if (branch === undefined || folder === undefined || rest.length > 0 || title === undefined) {
    throw new End(2, `It takes a branch, a folder and a title. Write ${usage}`);
  }
  console.log(await propose(resolve(values.root), branch, resolve(folder), title));
});

/**
 * @param {string} root
 * @param {string} branch
 * @param {string} folder
 * @param {string} title
 * @returns {Promise<string>} what was done
 */
async function propose(root, branch, folder, title) {
  /** @param {string[]} args */
  const git = (...args) => call(root, "git", args, "");
  /** @param {string} input @param {string[]} args */
  const gh = (input, ...args) => call(root, "gh", args, input);

  await applyChange(git, branch, join(folder, "change.patch"));
  if ((await git("diff", "--cached", "--name-only")) === "") return "Nothing changed";

  await gh("", "auth", "setup-git");
  const isThere = (await git("ls-remote", "--heads", "origin", branch)) !== "";
  if (isThere) {
    await git("fetch", "--quiet", "--depth=1", "origin", branch);
    if ((await git("log", "-1", "--format=%ae", "FETCH_HEAD")) !== email) {
      return `Somebody works on ${branch}: left it alone`;
    }
  }
  const isSame =
    isThere &&
    (await git("diff", "--cached", "--name-only", "FETCH_HEAD", "--", ".", isNoChange)) === "";
  if (!isSame) {
    await git("switch", "--quiet", "--force-create", branch);
    await git("-c", `user.name=${author}`, "-c", `user.email=${email}`, "commit", "-qm", title);
    await git("push", "--quiet", "--force", "origin", branch);
    // A push with the job's own token starts no workflow.
    await gh("", "workflow", "run", "ci.yml", "--ref", branch);
  }

  const body = (await readFile(join(folder, "text.md"), "utf8")).slice(0, maxLength);
  const state = ["--head", branch, "--state", "open"];
  const number = await gh("", "pr", "list", ...state, "--json", "number", "--jq", ".[].number");
  if (number === "") {
    const to = ["--base", "main", "--head", branch];
    await gh(body, "pr", "create", ...to, "--title", title, "--body-file", "-");
    return `Opened a pull request from ${branch}`;
  }
  const pull = `repos/{owner}/{repo}/pulls/${number}`;
  await gh(body, "api", "--silent", "--method", "PATCH", pull, "-F", "body=@-");
  return `Pull request ${number} from ${branch} is up to date`;
}

/**
 * @param {string} cwd
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} input
 */
async function call(cwd, program, args, input) {
  const env = childEnvironment({ GH_TOKEN: process.env["GH_TOKEN"] });
  const ended = await runProgram(program, args, { cwd, input, env });
  if (ended.exitCode === 0) return ended.stdout.trim();
  throw new End(
    2,
    `${program}: ${args.join(" ")} failed: ${lastLines(ended)}. See CONTRIBUTING.md for what it needs.`,
  );
}
