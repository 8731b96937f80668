import { expect, test } from "vitest";
import { isIdentifier, operationName } from "../../description/operation-name.ts";

test.each([
  // What FastAPI makes of a function's name, the path that it knows, and the method.
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
  // A slash at the end of a path, that the id has, or that it has not.
  ["readItems", "read_items_api_v1_items__get", "get", "/api/v1/items/"],
  ["readItems", "read_items_api_v1_items_get", "get", "/api/v1/items/"],
  ["readItem", "read_item_items__item_id__get", "get", "/items/{item_id}/"],
  ["readItem", "read_item_items__item_id___get", "get", "/items/{item_id}"],
  // What only looks like it stays.
  ["listThingsGet", "list_things_get", "get", "/others"],
  ["listThingsPost", "list_things_post", "get", "/things"],
  ["thingsGet", "things_get", "get", "/things"],
  // Other habits.
  ["getThing", "getThing", "get", "/"],
  ["getThing", "GetThing", "get", "/"],
  ["getThing", "GETThing", "get", "/"],
  ["reposListForOrg", "repos/list-for-org", "get", "/"],
  ["thingsGet2", "things.get  2", "get", "/"],
  ["größeÄndern", "größe_ändern", "get", "/"],
  // What cannot be exported gets a mark in front.
  ["_delete", "delete", "delete", "/things"],
  ["_2faEnable", "2fa_enable", "post", "/"],
  ["_then", "then", "get", "/"],
  ["_", "-", "get", "/"],
])("%s is made of %s of %s %s", (name, id, method, path) => {
  expect(operationName(id, method, path)).toBe(name);
  expect(isIdentifier(name)).toBe(true);
});
