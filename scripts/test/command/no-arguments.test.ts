import { expect, test } from "vitest";
import { runScript } from "../../command/run-script.ts";

test.each([
  ["bootstrap.js", "npm run bootstrap"],
  ["build.js", "pnpm build"],
  ["start.js", "npm start"],
  ["test.js", "npm test"],
  ["test-packages.js", "npm run test:packages"],
  ["typecheck.js", "pnpm typecheck:all"],
])("%s takes no arguments but --help, and does nothing then", async (script, synopsis) => {
  const [help, refusal] = await Promise.all([
    // As pnpm passes it.
    runScript(script, ["--", "--help"]),
    runScript(script, ["--nope"]),
  ]);

  expect(help).toMatchObject({ exitCode: 0, stderr: "" });
  expect(help.stdout).toMatch(new RegExp(`^${synopsis}\n\n[^]+\nExit codes: 0 .+\\.\n$`, "u"));
  expect(refusal).toMatchObject({
    exitCode: 2,
    stdout: "",
    stderr: `✘ Unexpected argument '--nope'. Usage: ${synopsis}.\n`,
  });
});
