import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { keepInCache } from "../command/cache.ts";
import { sha256 } from "../command/digest.ts";
import { childEnvironment, registryEnvironment } from "../command/environment.js";
import { mustRun } from "../command/must-run.ts";

const manifests = ["package.json", "package-lock.json"];

/**
 * Installs the server at the versions of `package-lock.json`, unless it is there. It brings the
 * clients of three clouds along, so it is not among the dependencies that everybody installs.
 */
export async function installServer(): Promise<string> {
  const digest = sha256(await readFile(join(import.meta.dirname, "package-lock.json")));
  const place = await keepInCache(`remote-cache-${digest.slice(0, 16)}`, async (folder) => {
    for (const file of manifests)
      await copyFile(join(import.meta.dirname, file), join(folder, file));
    await mustRun(
      "npm",
      ["ci", "--ignore-scripts"],
      { cwd: folder, env: registryEnvironment() },
      { file: "npm ci", remedy: "See that npm reaches its registry", exitCode: 2 },
    );
  });
  return join(place, "node_modules/turborepo-remote-cache/dist/cli.js");
}

/** Starts the server on a free port of loopback; it keeps what it is given in a folder. */
export async function startServer(
  program: string,
  storage: string,
  token: string,
): Promise<{ url: string; stop: () => Promise<unknown> }> {
  const server = spawn(process.execPath, [program], {
    stdio: ["ignore", "pipe", "inherit"],
    env: childEnvironment({
      HOST: "127.0.0.1",
      PORT: "0",
      STORAGE_PROVIDER: "local",
      STORAGE_PATH: storage,
      STORAGE_PATH_USE_TMP_FOLDER: "false",
      TURBO_TOKEN: token,
      // Any text makes it keep signatures. The key itself is none of its business.
      TURBO_REMOTE_CACHE_SIGNATURE_KEY: "keep",
    }),
  });
  for await (const line of createInterface(server.stdout)) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/u.exec(line) ?? [];
    if (url === undefined) continue;
    server.stdout.resume();
    return {
      url,
      stop: async () => {
        server.kill("SIGKILL");
        await once(server, "exit");
      },
    };
  }
  throw new Error("The server did not start");
}
