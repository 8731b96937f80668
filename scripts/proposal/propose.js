import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { neutralizeMarkdown } from "../command/neutralize-markdown.js";
import { childEnvironment } from "../command/environment.js";
import { mustRun } from "../command/must-run.js";
import { applyChange } from "./apply.js";

const author = "github-actions[bot]";
const email = "41898282+github-actions[bot]@users.noreply.github.com";

// If nothing else changed, sources.json only differs in the time of the fetch.
const isNoChange = ":!spec/*/sources.json";

// GitHub's limit is 65,536.
const maxLength = 60_000;

/**
 * Commits a change to a branch, and opens or updates the branch's only pull request. If nothing changes any
 * more, removes the branch.
 *
 * @param {string} root a clean clone
 * @param {string} branch
 * @param {string} folder the folder with the patch and the text
 * @param {string} title
 * @param {object} [options]
 * @param {string} [options.note] Markdown by this repository, at the end of the text
 * @param {boolean} [options.isComplete] whether everything was checked for changes; default: true
 * @returns {Promise<string>} a message that says what was done
 */
export async function proposeChange(
  root,
  branch,
  folder,
  title,
  { note = "", isComplete = true } = {},
) {
  /** @param {string[]} args */
  const git = (...args) => call(root, "git", args, "");
  /** @param {string} input @param {string[]} args */
  const gh = (input, ...args) => call(root, "gh", args, input);

  await applyChange(git, branch, join(folder, "change.patch"));
  const isEmpty = (await git("diff", "--cached", "--name-only")) === "";
  await gh("", "auth", "setup-git");
  // In full: another branch may end with this name, and a tag may have it.
  const ref = `refs/heads/${branch}`;
  const [tip = ""] = (await git("ls-remote", "origin", ref)).split("\t");
  const branchExists = tip !== "";
  if (branchExists) {
    await git("fetch", "--quiet", "--depth=1", "origin", ref);
    // Amending or rebasing a commit keeps its author, and changes its committer.
    if ((await git("log", "-1", "--format=%ae %ce", "FETCH_HEAD")) !== `${email} ${email}`) {
      return `${branch} has commits by somebody else: it was not changed`;
    }
  }
  // Refuses to overwrite what was pushed meanwhile.
  const force = `--force-with-lease=${ref}:${tip}`;
  if (isEmpty) {
    if (!branchExists || !isComplete) return "Nothing changed";
    // GitHub then closes the pull request.
    await git("push", "--quiet", force, "--delete", "origin", ref);
    return `Removed ${branch}: main needs no change any more`;
  }
  const isUnchanged =
    branchExists &&
    (await git("diff", "--cached", "--name-only", "FETCH_HEAD", "--", ".", isNoChange)) === "";
  if (!isUnchanged) {
    await git("switch", "--quiet", "--force-create", branch);
    await git("-c", `user.name=${author}`, "-c", `user.email=${email}`, "commit", "-qm", title);
    await git("push", "--quiet", force, "origin", `HEAD:${ref}`);
    // A push with the job's token starts no workflow.
    await gh("", "workflow", "run", "ci.yml", "--ref", branch);
  }

  // Installed code wrote the text, and a vendor's words may be in it.
  const text = neutralizeMarkdown(await readFile(join(folder, "text.md"), "utf8")).slice(
    0,
    maxLength,
  );
  const body = text + note;
  // With the owner, unlike gh pr list: a branch of a fork may have this name.
  const open = `repos/{owner}/{repo}/pulls?state=open&base=main&head={owner}:${branch}`;
  const number = await gh("", "api", open, "--jq", ".[].number");
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
  const about = {
    file: `${program} ${args.join(" ")}`,
    remedy: "See CONTRIBUTING.md for what it needs",
  };
  const { stdout } = await mustRun(program, args, { cwd, input, env }, { ...about, exitCode: 2 });
  return stdout.trim();
}
