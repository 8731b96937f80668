import type { Node } from "./document.ts";

export const defaultOrgId = "5f0c1c52-6d0b-4a35-9a3e-1f6a0c7d2b10";

const admin = {
  actor_id: "0a4e9a53-0c8e-4f6f-8f5b-2f8a5b6c7d01",
  actor_type: "user",
  actor_email: "admin@example.com",
};
const member = {
  actor_id: "0a4e9a53-0c8e-4f6f-8f5b-2f8a5b6c7d02",
  actor_type: "user",
  actor_email: "member@example.com",
};

/** A few invented audit events of one organization, oldest first, always the same. */
export function defaultEvents(orgId: string): readonly Node[] {
  const shared = { org_id: orgId, org_name: "example-org" };
  return [
    {
      id: "c1d0e7a4-3b52-4c8e-9d61-7a2f4e5b6001",
      ...shared,
      action_key: "auth.login",
      action_verb: "login",
      occurred_at: "2026-01-12T08:00:00.125Z",
      created_at: "2026-01-12T08:00:00.310Z",
      message: "admin@example.com signed in",
      ...admin,
      target_id: admin.actor_id,
      target_type: "user",
      target_name: "admin@example.com",
      service_name: "auth",
      meta: { method: "password", ip_address: "192.0.2.10" },
    },
    {
      id: "c1d0e7a4-3b52-4c8e-9d61-7a2f4e5b6002",
      ...shared,
      action_key: "member.invite",
      action_verb: "invite",
      occurred_at: "2026-01-12T08:03:41.007Z",
      created_at: "2026-01-12T08:03:41.220Z",
      message: "admin@example.com invited member@example.com",
      ...admin,
      target_id: member.actor_id,
      target_type: "user",
      target_name: "member@example.com",
      service_name: "organizations",
      meta: { role: "member" },
    },
    {
      id: "c1d0e7a4-3b52-4c8e-9d61-7a2f4e5b6003",
      ...shared,
      action_key: "token.create",
      action_verb: "create",
      occurred_at: "2026-01-13T14:20:09.551Z",
      created_at: "2026-01-13T14:20:09.702Z",
      message: "member@example.com created the access token “ci”",
      ...member,
      target_id: "9b7d2c10-5e4f-4d3a-8b2c-1a0f9e8d7003",
      target_type: "token",
      target_name: "ci",
      service_name: "auth",
      meta: { scopes: ["channels:read"], expires_in_days: 90 },
    },
    {
      id: "c1d0e7a4-3b52-4c8e-9d61-7a2f4e5b6004",
      ...shared,
      action_key: "channel.update",
      action_verb: "update",
      occurred_at: "2026-01-14T10:11:12.000Z",
      created_at: "2026-01-14T10:11:12.090Z",
      message: "member@example.com renamed the channel “staging” to “prüfung”",
      ...member,
      target_id: "9b7d2c10-5e4f-4d3a-8b2c-1a0f9e8d7004",
      target_type: "channel",
      target_name: "prüfung",
      service_name: "channels",
      meta: { changes: { name: ["staging", "prüfung"] } },
    },
    {
      id: "c1d0e7a4-3b52-4c8e-9d61-7a2f4e5b6005",
      ...shared,
      action_key: "package.delete",
      action_verb: "delete",
      occurred_at: "2026-01-14T23:59:59.999Z",
      created_at: "2026-01-15T00:00:00.180Z",
      message: "A retention rule deleted the package “example-package”",
      actor_id: "0a4e9a53-0c8e-4f6f-8f5b-2f8a5b6c7d03",
      actor_type: "service",
      actor_email: null,
      target_id: "9b7d2c10-5e4f-4d3a-8b2c-1a0f9e8d7005",
      target_type: "package",
      target_name: "example-package",
      service_name: "channels",
      meta: {},
    },
  ];
}
