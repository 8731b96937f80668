#!/usr/bin/env node
// Exit codes: 0 for help, or if stopped by a signal; 2 for wrong usage, an unusable description, or an
// address that the server cannot listen on.
import { readArguments, UsageError, type Options } from "./arguments.ts";
import type { MockServer } from "./index.ts";

try {
  await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`audit-logs-mock-server: ${error.message}`);
  process.exitCode = 2;
}

async function run(args: readonly string[]): Promise<void> {
  const options = readArguments(args);
  if (typeof options === "string") {
    console.log(options);
    return;
  }
  // Not for help and wrong usage: the validators take half a second to load.
  const { defaultJobId, startMockServer } = await import("./index.ts");
  const server = await start(() => startMockServer(options), options);
  for (const signal of ["SIGINT", "SIGTERM"]) {
    // Once the server is closed, nothing keeps the process alive.
    process.once(signal, () => void server.close());
  }
  console.log(server.url);
  if (options.description) return;
  const authorization = shellQuote(`Authorization: Bearer ${String(options.token ?? "any-token")}`);
  console.log(`curl -H ${authorization} ${shellQuote(server.statusUrl(defaultJobId))}`);
}

async function start(
  startServer: () => Promise<MockServer>,
  { host, port }: Options,
): Promise<MockServer> {
  try {
    return await startServer();
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error && "code" in error)) throw error;
    throw new UsageError(
      error.code === "EADDRINUSE"
        ? `port ${port} on ${host} is in use; choose another with --port`
        : `cannot listen on port ${port} of ${host}: ${error.message}`,
    );
  }
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
