#!/usr/bin/env node
import manifest from "../package.json" with { type: "json" };
import { Interruption } from "./context.ts";

// A reader may close either stream; the command finds out when it writes.
process.stdout.on("error", () => undefined);
process.stderr.on("error", () => undefined);

const signals = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

/** How long a command may clean up after a signal, in milliseconds. */
const cleanupTime = 5000;

const { node } = process.versions;
const floor = manifest.engines.node.replace(">=", "");
if (node.localeCompare(floor, "en", { numeric: true }) < 0) {
  // What is loaded below could not even be linked.
  process.stderr.write(`audit-logs: Node.js ${node} is too old; install ${floor} or later\n`);
  process.exitCode = 1;
} else if (process.argv.length === 3 && process.argv[2] === "--version") {
  // Without the parser of the command line, which takes as long to load as Node.js itself.
  process.stdout.write(`${manifest.version}\n`, (error) => {
    // `run` reports the failure.
    if (error) void run();
  });
} else {
  await run();
}

async function run(): Promise<void> {
  const controller = new AbortController();
  for (const name of signals) {
    const interruption = new Interruption(name);
    const end = (): void => {
      // `process.exit` would wait for a blocked operation, too. Process 1 of a container ignores the signal.
      for (const each of signals) process.removeAllListeners(each);
      process.kill(process.pid, name);
      process.exit(interruption.exitCode);
    };
    process.on(name, () => {
      // The second signal does not wait for the command to clean up.
      if (controller.signal.aborted) return end();
      controller.abort(interruption);
      setTimeout(end, cleanupTime).unref();
    });
  }

  const { main } = await import("./main.ts");
  process.exitCode = await main(process.argv.slice(2), {
    env: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    signal: controller.signal,
    now: () => new Date(),
  });
  // What a reader of stdout has not taken would keep the process alive.
  if (controller.signal.aborted) process.exit();
}
