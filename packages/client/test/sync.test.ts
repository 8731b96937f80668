import { execFile } from "node:child_process";
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

// A changed description in a copy of the whole repository: nothing but the vendor's page is edited.

const repository = fileURLToPath(new URL("../../..", import.meta.url));
let copy: string;

beforeAll(async () => {
  copy = await realpath(await mkdtemp(join(tmpdir(), "audit-logs-")));
  const files = [
    "spec",
    "generated",
    "scripts",
    "redocly.yaml",
    "package.json",
    "tsconfig.base.json",
  ];
  for (const file of files) {
    await cp(join(repository, file), join(copy, file), { recursive: true });
  }
  await symlink(join(repository, "node_modules"), join(copy, "node_modules"));
  for (const name of ["client", "mock-server"]) {
    const [from, to] = [join(repository, "packages", name), join(copy, "packages", name)];
    for (const file of ["src", "package.json", "tsconfig.json", "tsdown.config.ts"]) {
      await cp(join(from, file), join(to, file), { recursive: true });
    }
    // What the package depends on is that of the repository; the workspace is that of the copy.
    await mkdir(join(to, "node_modules", "@audit-logs"), { recursive: true });
    for (const dependency of await readdir(join(from, "node_modules"))) {
      if (dependency.startsWith(".") || dependency === "@audit-logs") continue;
      await symlink(
        await realpath(join(from, "node_modules", dependency)),
        join(to, "node_modules", dependency),
      );
    }
    await symlink(join(copy, "generated"), join(to, "node_modules/@audit-logs/generated"));
    await symlink(
      join(copy, "packages/mock-server"),
      join(to, "node_modules/@audit-logs/mock-server"),
    );
  }
});
afterAll(() => rm(copy, { recursive: true }));

const tools: Readonly<Record<string, string>> = {
  node: process.execPath,
  tsc: join(repository, "node_modules/.bin/tsc"),
  tsdown: join(repository, "packages/client/node_modules/.bin/tsdown"),
  tsx: join(repository, "node_modules/.bin/tsx"),
};

/** Runs a tool in a folder of the copy; gives what it prints, or throws that. */
async function runIn(folder: string, tool: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(tools[tool] ?? tool, args, { cwd: join(copy, folder) }, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(stdout + stderr, { cause: error })),
    );
  });
}

const askOnce = `
  import { createAuditLogsClient } from "./dist/index.js";
  import { defaultJobId, startMockServer } from "@audit-logs/mock-server";
  const server = await startMockServer();
  const auditLogs = createAuditLogsClient({ token: "token", baseUrl: server.url });
  const { status } = await auditLogs.getExportJobStatus(defaultJobId);
  console.log(JSON.stringify({ status, url: server.requests[0].url.replace(defaultJobId, "ID") }));
  await server.close();
`;

test(
  "a path that the vendor moves is followed by regenerating, with no other edit",
  { timeout: 60_000 },
  async () => {
    const page = await readFile(join(copy, "spec/audit-logs/source.md"), "utf8");
    const moved = page
      .replaceAll("/api/audit-logs/export/{job_id}", "/api/v2/audit-logs/exports/{job_id}")
      .replaceAll(
        "get_export_job_status_export__job_id__get",
        "get_export_job_status_exports__job_id__get",
      );
    await writeFile(join(copy, "page.md"), moved);
    await runIn(".", "tsx", "scripts/spec-pull.ts", "audit-logs", "page.md");
    await runIn(".", "tsx", "scripts/generate.ts");
    await runIn("packages/mock-server", "tsdown");
    await runIn("packages/client", "tsdown");
    const answer = await runIn("packages/client", "node", "--input-type=module", "--eval", askOnce);
    expect(JSON.parse(answer)).toEqual({ status: "pending", url: "/api/v2/audit-logs/exports/ID" });
  },
);

test.each([
  ["operation", /getExportJobStatus:/, "getTheStatus:", "getExportJobStatus"],
  ["parameter", /orgName:/, "organization:", "orgName"],
  [
    "place of the token",
    /in: "header", name: "Authorization"/,
    'in: "query", name: "token"',
    '"query"',
  ],
])(
  "a changed %s that the client relies on stops the type-check with its name",
  { timeout: 60_000 },
  async (_, from, to, name) => {
    const file = join(copy, "generated/audit-logs/operations.ts");
    const generated = await readFile(file, "utf8");
    await writeFile(file, generated.replace(from, to));
    try {
      await expect(runIn("packages/client", "tsc")).rejects.toThrow(name);
    } finally {
      await writeFile(file, generated);
    }
  },
);
