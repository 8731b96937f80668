import { randomUUID } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import type { Server } from "node:http";
import { join } from "node:path";
import { childEnvironment, registryEnvironment } from "../command/environment.js";
import { listenOnLoopback } from "../command/listen-on-loopback.ts";
import { objectOf } from "../description/tree.ts";
import { runProgram } from "../command/program.js";

/** A registry on loopback, and npm's environment to use it. */
export interface LoopbackRegistry extends AsyncDisposable {
  readonly url: string;
  /**
   * For installing: the packages of the scopes come from here, all others directly from upstream. Contains
   * nothing of the user but the proxies: no configuration, credentials or cache.
   */
  readonly env: NodeJS.ProcessEnv;
  /** The same for publishing, to this registry only. */
  readonly publisherEnv: NodeJS.ProcessEnv;
}

/** The registry that packages come from, and an additional certificate authority that it may need. */
interface Upstream {
  readonly url: string;
  readonly ca?: string;
}

/** Finds the registry that npm is configured to use. */
export async function findUpstream(root: string, signal: AbortSignal): Promise<Upstream> {
  const { stdout } = await runProgram("npm", ["config", "list", "--json"], {
    cwd: root,
    env: registryEnvironment(),
    signal,
  });
  const config: unknown = JSON.parse(stdout);
  const { registry, cafile } = objectOf(config);
  if (typeof registry !== "string") throw new Error("npm has no registry");
  return {
    url: registry,
    ...(typeof cafile === "string" && { ca: await readFile(cafile, "utf8") }),
  };
}

/**
 * Starts a registry on a free port that stores everything in one folder. It accepts packages of the given
 * scopes only, and fetches all others from the upstream registry.
 */
export async function startLoopback(
  folder: string,
  scopes: ReadonlySet<string>,
  upstream: Upstream,
): Promise<LoopbackRegistry> {
  const home = join(folder, "home");
  await mkdir(home, { recursive: true });
  const configuration = {
    storage: join(folder, "storage"),
    auth: { htpasswd: { file: join(folder, "htpasswd"), max_users: 1 } },
    web: { enable: false },
    uplinks: { upstream },
    packages: {
      ...Object.fromEntries(
        [...scopes].map((scope) => [`${scope}/*`, { access: "$all", publish: "$authenticated" }]),
      ),
      "**": { access: "$all", publish: "nobody", proxy: "upstream" },
    },
    log: { type: "file", path: join(folder, "log"), format: "json", level: "warn" },
  };
  // JSON is also YAML.
  await writeFile(join(folder, "verdaccio.yaml"), JSON.stringify(configuration));
  // Verdaccio takes seconds to load, and a rehearsal may fail before.
  const { runServer } = await import("verdaccio");
  const server: Server = await runServer(join(folder, "verdaccio.yaml"));
  const { origin, ...disposable } = await listenOnLoopback(server);
  const url = `${origin}/`;

  const own = `registry=${url}`;
  const token = `//${new URL(url).host}/:_authToken=${await register(url)}`;
  const publisherConfig = join(home, "publisher.npmrc");
  await writeNpmrc(join(home, ".npmrc"), [
    ...[...scopes].map((scope) => `${scope}:${own}`),
    `registry=${upstream.url}`,
    // For each consumer again, npm would ask whether its libraries have new versions.
    "prefer-offline=true",
    ...(await keepAuthority(home, upstream)),
  ]);
  await writeNpmrc(publisherConfig, [own, token]);
  const env = childEnvironment({ HOME: home, USERPROFILE: home, ...proxies() });
  return {
    url,
    env,
    publisherEnv: { ...env, npm_config_userconfig: publisherConfig },
    ...disposable,
  };
}

function writeNpmrc(file: string, settings: readonly string[]): Promise<void> {
  return writeFile(file, [...settings, "ignore-scripts=true"].join("\n"));
}

/** Stores the additional certificate authority of the upstream registry, and returns npm's setting for it. */
async function keepAuthority(folder: string, { ca }: Upstream): Promise<string[]> {
  if (ca === undefined) return [];
  const file = join(folder, "ca.pem");
  await writeFile(file, ca);
  return [`cafile=${file}`];
}

/** The user's proxies, which do not lead to loopback. */
function proxies(): Record<string, string | undefined> {
  const { env } = process;
  const user = Object.entries(env).filter(([name]) => /^https?_proxy$/iu.test(name));
  const exceptions = [env["no_proxy"] ?? env["NO_PROXY"], "127.0.0.1"].filter(Boolean);
  return { ...Object.fromEntries(user), no_proxy: exceptions.join(",") };
}

/** Creates a user, who is stored in the registry's folder, and returns the user's token. */
async function register(url: string): Promise<string> {
  const response = await fetch(new URL("-/user/org.couchdb.user:rehearsal", url), {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name: "rehearsal", password: randomUUID() }),
  });
  const body: unknown = await response.json();
  const token = objectOf(body)["token"];
  if (typeof token === "string") return token;
  throw new Error(`The registry on loopback did not create a user: ${JSON.stringify(body)}`);
}
