const { execFileSync } = require("node:child_process");
const { startMockServer } = require("@audit-logs/mock-server");

async function main() {
  const server = await startMockServer({ description: { openapi: "3.1.0", paths: {} } });
  const response = await fetch(server.url);
  await server.close();
  // npm installs the command into node_modules/.bin.
  const help = execFileSync("node_modules/.bin/audit-logs-mock-server", ["--help"]);
  console.log(`${response.status} outside the description, ${String(help).split("\n")[0]}`);
}

void main();
