import { defaultJobId, startMockServer, type MockServer } from "@audit-logs/mock-server";

const server: MockServer = await startMockServer();
const response = await fetch(`${server.url}/api/audit-logs/export/${defaultJobId}`, {
  headers: { authorization: "Bearer a-token" },
});
const job: unknown = await response.json();
await server.close();
console.log(`${response.status}, ${JSON.stringify(job)}, ${server.requests.length} request`);
if (response.status !== 200) process.exitCode = 1;
