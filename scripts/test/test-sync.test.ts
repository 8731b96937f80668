import { expect, test } from "vitest";
import { testSync } from "../test-sync.ts";
import { runCommand } from "../command/run-script.ts";

test("refuses a text that is in no change's name", async () => {
  const { exitCode, stdout, stderr } = await runCommand(testSync, ["--only", "no-such-change"]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(stderr).toMatch(
    /^✘ command line: --only no-such-change: No change has this text in its name\. Usage: pnpm test:sync /u,
  );
});
