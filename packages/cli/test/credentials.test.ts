import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { runTokenCommand } from "../src/credentials.ts";
import { temporaryFolder } from "./temporary-folder.ts";

test("does not wait for a token command that takes too long, also if it ignores SIGTERM", async () => {
  const { signal } = new AbortController();
  const started = join(temporaryFolder(), "started");
  const command = `trap "" TERM; : > ${started}; while [ -e ${started} ]; do sleep 0.1; done`;

  await expect(runTokenCommand(command, process.env, signal, 500)).rejects.toThrow(
    "the token command took longer than 0.5 s",
  );
  // Nor does the end of this process.
  await vi.waitFor(() => expect(process.getActiveResourcesInfo()).not.toContain("ProcessWrap"));
});
