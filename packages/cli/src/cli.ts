#!/usr/bin/env node
import { Interruption } from "./context.ts";
import { main } from "./main.ts";

const controller = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => {
    const interruption = new Interruption(name);
    // The second signal does not wait for the command to clean up.
    if (controller.signal.aborted) process.exit(interruption.exitCode);
    controller.abort(interruption);
  });
}
// A reader may close either stream; the command finds out when it writes.
process.stdout.on("error", () => undefined);
process.stderr.on("error", () => undefined);

process.exitCode = await main(process.argv.slice(2), {
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: controller.signal,
  now: () => new Date(),
});
