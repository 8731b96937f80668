import type { AuditLogsClient, AuditLogsClientOptions, ClientEvent } from "@audit-logs/client";
import type { Context } from "./context.ts";
import { findToken } from "./credentials.ts";
import { explain } from "./describe-failure.ts";
import { usageError } from "./failure.ts";
import { translateOptions, translateSubject } from "./option-names.ts";
import type { Output } from "./output.ts";
import type { Settings } from "./settings.ts";

/** Timeouts that only the demo shortens. */
export type Timeouts = Pick<AuditLogsClientOptions, "attemptTimeout" | "idleTimeout">;

/** Creates the client that a command uses. Loads it only now, so that help and version are fast. */
export async function connect(
  context: Context,
  settings: Settings,
  output: Output,
  timeouts: Timeouts = {},
): Promise<AuditLogsClient> {
  const { env } = context;
  const orgName = settings.org ?? (env["AUDIT_LOGS_ORG"] || undefined);
  const baseUrl = findBaseUrl(settings, env);
  const token = await findToken(context, settings);
  const { createAuditLogsClient } = await import("@audit-logs/client");
  try {
    return createAuditLogsClient({
      token,
      ...(orgName !== undefined && { orgName }),
      ...(baseUrl !== undefined && { baseUrl }),
      ...(settings.apiVersion !== undefined && { apiVersion: settings.apiVersion }),
      ...(settings.verbose && { onEvent: (event) => output.trace(formatEvent(event, baseUrl)) }),
      ...timeouts,
    });
  } catch (error) {
    if (error instanceof TypeError) throw usageError(translateSubject(error.message));
    throw error;
  }
}

/** The API's URL, unless it is the default. */
export function findBaseUrl(settings: Settings, env: Context["env"]): string | undefined {
  return settings.baseUrl ?? (env["AUDIT_LOGS_BASE_URL"] || undefined);
}

function formatEvent(event: ClientEvent, baseUrl: string | undefined): string {
  switch (event.type) {
    case "request":
      return `> ${event.method} ${event.url}`;
    case "response": {
      const id = event.requestId === null ? "" : `, request ${event.requestId}`;
      return `< ${event.status} after ${Math.round(event.duration)} ms${id}`;
    }
    case "retry":
      return `! attempt ${event.attempt} failed, pause of ${Math.round(event.pause) / 1000} s: ${translateOptions(explain(event.error, baseUrl))}`;
    case "token":
      return "* new token";
  }
}
