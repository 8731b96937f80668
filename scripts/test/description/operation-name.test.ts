import { format, inspect } from "node:util";
import { expect, test, vi } from "vitest";
import { isIdentifier, operationName } from "../../description/operation-name.ts";

test.each([
  // FastAPI builds the id from the function's name, the route's own path, and the method.
  ["createExportJob", "create_export_job_export_post", "post", "/api/audit-logs/export"],
  [
    "getExportJobStatus",
    "get_export_job_status_export__job_id__get",
    "get",
    "/api/audit-logs/export/{job_id}",
  ],
  ["getAuditLogs", "get_audit_logs__get", "get", "/api/audit-logs"],
  ["getAuditLog", "get_audit_log__audit_log_id__get", "get", "/api/audit-logs/{audit_log_id}"],
  ["readItems", "read_items_api_v1_items_get", "get", "/api/v1/items"],
  // A trailing slash in the path, the id, or both.
  ["readItems", "read_items_api_v1_items__get", "get", "/api/v1/items/"],
  ["readItems", "read_items_api_v1_items_get", "get", "/api/v1/items/"],
  ["readItem", "read_item_items__item_id__get", "get", "/items/{item_id}/"],
  ["readItem", "read_item_items__item_id___get", "get", "/items/{item_id}"],
  // Ids that only resemble the pattern stay.
  ["listThingsGet", "list_things_get", "get", "/others"],
  ["listThingsPost", "list_things_post", "get", "/things"],
  ["thingsGet", "things_get", "get", "/things"],
  // Other conventions.
  ["getThing", "getThing", "get", "/"],
  ["getThing", "GetThing", "get", "/"],
  ["getThing", "GETThing", "get", "/"],
  ["reposListForOrg", "repos/list-for-org", "get", "/"],
  ["thingsGet2", "things.get  2", "get", "/"],
  ["größeÄndern", "größe_ändern", "get", "/"],
  // A name that cannot be exported gets a leading underscore.
  ["_delete", "delete", "delete", "/things"],
  ["_2faEnable", "2fa_enable", "post", "/"],
  ["_then", "then", "get", "/"],
  ["_", "-", "get", "/"],
])("derives %s from %s of %s %s", (name, id, method, path) => {
  expect(operationName(id, method, path)).toBe(name);
  expect(isIdentifier(name)).toBe(true);
});

test("no method is called when a client is awaited, logged, converted or serialized", async () => {
  const call = vi.fn<() => Promise<unknown>>(async () => ({}));
  const names = [
    "constructor",
    "inspect",
    "then",
    "toJSON",
    "toLocaleString",
    "toString",
    "valueOf",
  ];
  const client = Object.fromEntries(names.map((id) => [operationName(id, "get", "/"), call]));
  expect(await client).toBe(client);
  format("%s %o %j", client, client, client);
  inspect(client);
  JSON.stringify({ client });
  String(client);
  Number(client);
  [client].toLocaleString();
  expect(call).not.toHaveBeenCalled();
});
