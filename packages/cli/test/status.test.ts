import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defaultJobId, startMockServer } from "@audit-logs/mock-server";
import { expect, test } from "vitest";
import { run } from "./run.ts";
import { temporaryFolder } from "./temporary-folder.ts";

test("prints the state of a job, and never its download URL", async () => {
  const jobs = { [defaultJobId]: { steps: [{ status: "completed" }] } };
  await using server = await startMockServer({ token: "token-1", jobs });

  const { exitCode, stdout, stderr } = await run([
    "status",
    defaultJobId,
    "--base-url",
    server.url,
  ]);

  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toMatch(/^Job {8}7d9f2c4e.*\nStatus {5}completed\nProgress {3}100 %\n/);
  expect(stdout).toContain("Events     5\n");
  expect(stdout).not.toContain("http");
});

test("prints the job as one line of JSON with --json", async () => {
  await using server = await startMockServer();

  const { exitCode, stdout } = await run(["status", defaultJobId, "--json"], {
    env: { ANACONDA_AUTH_API_KEY: "key", AUDIT_LOGS_BASE_URL: server.url, AUDIT_LOGS_ORG: "acme" },
  });

  expect(exitCode).toBe(0);
  expect(stdout.split("\n")).toHaveLength(2);
  expect(JSON.parse(stdout)).toMatchObject({ id: defaultJobId, status: "pending" });
  expect(server.requests[0]?.headers).toMatchObject({
    authorization: "Bearer key",
    "x-org-name": "acme",
  });
});

test("passes the organization and the version on from its options", async () => {
  await using server = await startMockServer();

  await run(
    ["status", defaultJobId, "--base-url", server.url, "--org", "acme", "--api-version", "v1"],
    { env: { AUDIT_LOGS_TOKEN: "a", ANACONDA_AUTH_API_KEY: "b", AUDIT_LOGS_ORG: "other" } },
  );

  expect(server.requests[0]?.headers).toMatchObject({
    authorization: "Bearer a",
    "x-org-name": "acme",
    "x-api-version": "v1",
  });
});

test("no text of the server controls the terminal, in any output", async () => {
  const controls = ["\u001b", "\u009b", "\u007f", "\u202e", "\u2066", "\u2028", "\n"];
  const text = `a${controls.join("b")}c`;
  const escaped = String.raw`a\u001bb\u009bb\u007fb\u202eb\u2066b\u2028b\u000ac`;
  const step = { status: text, error_message: text };
  const event = {
    id: "00000000-0000-4000-8000-000000000000",
    org_id: "5f0c1c52-6d0b-4a35-9a3e-1f6a0c7d2b10",
    action_key: "auth.login",
    occurred_at: "2026-11-20T00:00:00Z",
    created_at: "2026-11-20T00:00:00Z",
    message: text,
  };
  const jobs = { [defaultJobId]: { steps: [step, step, step, step], events: [event] } };
  await using server = await startMockServer({ jobs });
  const connection = ["--base-url", server.url];
  const waiting = ["wait", defaultJobId, "--timeout", "1s", "--interval", "1ms", ...connection];

  const status = await run(["status", defaultJobId, ...connection]);
  const json = await run(["status", defaultJobId, "--json", ...connection]);
  const list = await run(["list", "--from", "30d", ...connection]);
  const lines = await run(waiting);
  const bar = await run(waiting, { isTTY: true });
  const download = await run(["download", defaultJobId, "-o", "-", ...connection]);

  expect(status.stdout).toContain(`Status     ${escaped}\n`);
  expect(status.stdout).toContain(`Error      ${escaped}\n`);
  for (const { stdout } of [json, list]) {
    expect(stdout).toContain(escaped.replace(String.raw`\u000a`, String.raw`\n`));
    expect(stdout).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028](?!$)/u);
  }
  expect(JSON.parse(json.stdout)).toMatchObject(step);
  expect(JSON.parse(list.stdout)).toEqual(event);
  // On a line of its own, and in the failure.
  expect(lines.stderr.split(escaped)).toHaveLength(3);
  expect(bar.stderr).toContain(escaped.slice(0, 30));
  for (const { stderr } of [lines, bar, download]) {
    for (const control of controls.slice(1, -1)) expect(stderr).not.toContain(control);
  }
});

test("refuses a job id that no export has before any request", async () => {
  await using server = await startMockServer();

  for (const command of ["status", "wait", "download"]) {
    const { exitCode, stdout, stderr } = await run([command, "12/34", "--base-url", server.url]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("job id '12/34' is not valid; ");
  }
  expect(server.requests).toEqual([]);
});

test("asks for any job whose id the client accepts from the server, also if it is no UUID", async () => {
  await using server = await startMockServer();

  for (const command of ["status", "wait", "download"]) {
    await run([command, "job-42", "--base-url", server.url]);
  }
  const urls = server.requests.map(({ url }) => url);
  expect(urls).toEqual(Array(3).fill(new URL(server.statusUrl("job-42")).pathname));
});

test("exits with 4 without a token, and says how to give one", async () => {
  const { exitCode, stdout, stderr } = await run(["status", defaultJobId, "--json"], { env: {} });

  expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: "" });
  expect(JSON.parse(stderr)).toEqual({
    code: "authentication",
    message: "there is no token",
    next: expect.stringContaining("AUDIT_LOGS_TOKEN"),
  });
});

test("ends with --json and --verbose with the failure as one line of JSON", async () => {
  await using server = await startMockServer({ token: "another" });
  const args = ["status", defaultJobId, "--base-url", server.url, "--verbose", "--json"];

  const { stderr } = await run(args);

  const lines = stderr.trimEnd().split("\n");
  expect(lines.slice(0, -1)).toEqual([
    expect.stringMatching(/^> GET /),
    expect.stringMatching(/^< 401 /),
  ]);
  expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ code: "authentication" });
});

test("exits with 4 if the server refuses the token, which no output contains", async () => {
  await using server = await startMockServer({ token: "another" });

  const { exitCode, stderr } = await run([
    "status",
    defaultJobId,
    "--base-url",
    server.url,
    "--verbose",
  ]);

  expect(exitCode).toBe(4);
  expect(stderr).toMatch(/> GET http.*\n< 401 after \d+ ms.*\naudit-logs: .* 401 /);
  expect(stderr).not.toContain("token-1");
});

test("exits with 1 for a job that does not exist, without advice to continue with it", async () => {
  await using server = await startMockServer({ jobs: {} });

  const { exitCode, stderr } = await run(["wait", defaultJobId, "--json"], {
    env: { AUDIT_LOGS_TOKEN: "a", AUDIT_LOGS_BASE_URL: server.url },
  });

  expect(exitCode).toBe(1);
  expect(JSON.parse(stderr)).toMatchObject({ code: "api", next: null });
});

test("exits with 2 for an option that cannot be used, under the name that it has here", async () => {
  const header =
    "cannot be sent in a header: it is empty, or contains a control character or a character beyond Latin-1";
  const status = ["status", defaultJobId];
  const cases = [
    [
      [...status, "--base-url", "http://example.com"],
      "--base-url (or AUDIT_LOGS_BASE_URL) http://example.com/ would send the token unencrypted; use https",
    ],
    [
      [...status, "--base-url", "example"],
      "--base-url (or AUDIT_LOGS_BASE_URL) is not a URL; write it like https://api.example.com",
    ],
    [[...status, "--org", ""], `--org (or AUDIT_LOGS_ORG) ${header}`],
    [[...status, "--api-version", ""], `--api-version ${header}`],
    [
      [...status, "--token-file", ""],
      "--token-file is empty; write the path of a file, or - for stdin",
    ],
    [[...status, "--token-command", ""], "--token-command is empty; write a shell command"],
    [["sync", "--from", "1d", "--dir", ""], "--dir is empty; write the path of a folder"],
  ] as const;

  for (const [args, message] of cases) {
    expect(await run(args)).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `audit-logs: ${message}\n`,
    });
  }
});

test("reads the token from a file, from stdin, and from a command", async () => {
  await using server = await startMockServer({ token: "token-2" });
  const file = join(temporaryFolder(), "token");
  writeFileSync(file, "token-2\n");
  const args = ["status", defaultJobId, "--base-url", server.url];
  const env = { PATH: process.env["PATH"] };

  const results = await Promise.all([
    run([...args, "--token-file", file], { env }),
    run([...args, "--token-file", "-"], { env, stdin: "token-2\n" }),
    // An option takes precedence over the environment.
    run([...args, "--token-command", "echo token-2"], { env: { ...env, AUDIT_LOGS_TOKEN: "a" } }),
  ]);

  expect(results.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual([
    [0, ""],
    [0, ""],
    [0, ""],
  ]);
});

test("reads a token from a pipe, whose writer may come later", async () => {
  await using server = await startMockServer({ token: "token-2" });
  const pipe = join(temporaryFolder(), "token");
  execFileSync("mkfifo", [pipe]);
  const args = ["status", defaultJobId, "--base-url", server.url, "--token-file", pipe];

  const [result] = await Promise.all([run(args), writeFile(pipe, "token-2\n")]);

  expect(result).toMatchObject({ exitCode: 0, stderr: "" });
});

test("runs the token command again when the token has expired", async () => {
  const jobs = { [defaultJobId]: { steps: [{ status: "running" }, { status: "completed" }] } };
  const faults = [{ fault: "expired-token", after: 1 }] as const;
  await using server = await startMockServer({ jobs, faults });
  const count = join(temporaryFolder(), "count");

  const { exitCode } = await run(
    [
      "wait",
      defaultJobId,
      "--base-url",
      server.url,
      "--interval",
      "1ms",
      "--token-command",
      `echo call >> ${count}; echo token-$(wc -l < ${count})`,
    ],
    { env: { PATH: process.env["PATH"] } },
  );

  const tokens = server.requests.map(({ headers }) => headers.authorization?.replaceAll(" ", ""));
  expect(exitCode).toBe(0);
  expect(new Set(tokens)).toEqual(new Set(["Bearertoken-1", "Bearertoken-2"]));
});

test("a refused token is to be corrected where it came from, and a 403 needs another token", async () => {
  await using server = await startMockServer({ token: "token-2" });
  await using forbidding = await startMockServer({ faults: [{ fault: "forbidden", times: 4 }] });
  const file = join(temporaryFolder(), "token");
  writeFileSync(file, "token-1\n");
  const sources = [
    [[], "Set AUDIT_LOGS_TOKEN to a valid token, "],
    [["--token-file", file], "Check the path after --token-file: "],
    [["--token-file", "-"], "Write a valid token, "],
    [["--token-command", "echo token-1"], "Run the command of --token-command by hand: "],
  ] as const;
  const env = { PATH: process.env["PATH"], AUDIT_LOGS_TOKEN: "token-1" };

  for (const [flags, next] of sources) {
    for (const [url, remedy] of [
      [server.url, next],
      [forbidding.url, "Use the token of an administrator of the organization: "],
    ]) {
      const args = ["wait", defaultJobId, "--base-url", `${url}`, ...flags];
      const { exitCode, stderr } = await run(args, { env, stdin: "token-1" });
      expect(exitCode).toBe(4);
      expect(stderr).toContain(`\nNext: ${remedy}`);
    }
  }
});

test("exits with 4 if there is no usable token where it should come from, and says how to give one", async () => {
  const folder = temporaryFolder();
  const empty = join(folder, "empty");
  writeFileSync(empty, "\n");
  const more = join(folder, "more");
  writeFileSync(more, "secret\nsecret\n");
  const huge = join(folder, "huge");
  writeFileSync(huge, "secret".repeat(2 ** 17));
  const several = "echo secret; echo secret";
  const byFile = "Check the path after --token-file: ";
  const byCommand = "Run the command of --token-command by hand: ";
  const cases = [
    [["--token-file", join(folder, "absent")], "cannot be read: ENOENT", byFile],
    [["--token-file", empty], "contains no token", byFile],
    [["--token-file", more], "more holds more than a token", byFile],
    [["--token-file", huge], "huge holds more than a token", byFile],
    [["--token-file", "-"], "stdin contains no token", "Write a valid token, "],
    [["--token-command", "echo secret; exit 3"], "failed with exit code 3", byCommand],
    [["--token-command", "kill $$"], "failed with signal SIGTERM", byCommand],
    [["--token-command", "yes secret"], "the token command printed more than a token", byCommand],
    [["--token-command", "true"], "contains no token", byCommand],
    [["--token-command", several], "the token command holds more than a token", byCommand],
    [[], "AUDIT_LOGS_TOKEN holds more than a token", "Set AUDIT_LOGS_TOKEN to a valid token, "],
  ] as const;

  for (const [flags, message, next] of cases) {
    const { exitCode, stderr } = await run(
      ["status", defaultJobId, "--base-url", "http://127.0.0.1:9", ...flags],
      { env: { PATH: process.env["PATH"], AUDIT_LOGS_TOKEN: "secret\nsecret" } },
    );
    expect(exitCode).toBe(4);
    expect(stderr).toContain(message);
    expect(stderr).toContain(`\nNext: ${next}`);
    expect(stderr).not.toContain("secret");
  }
  const both = ["--token-file", empty, "--token-command", "true"];
  expect(await run(["status", defaultJobId, ...both])).toMatchObject({ exitCode: 2 });
});
