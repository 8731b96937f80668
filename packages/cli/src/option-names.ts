/** How the command line names what the client's options set. */
const names: Readonly<Record<string, string>> = {
  apiVersion: "--api-version",
  baseUrl: "--base-url (or AUDIT_LOGS_BASE_URL)",
  orgName: "--org (or AUDIT_LOGS_ORG)",
};

/** Replaces the client's option at the start of a message, without the remedy that only the client has. */
export function translateSubject(message: string): string {
  return message
    .replace(/^\w+/, (name) => names[name] ?? name)
    .replace(/, or [^,;]* in insecureHosts$/, "");
}

/** Replaces the client's options in the message of an error, or leaves out those that no option sets here. */
export function translateOptions(message: string): string {
  return message
    .replace("; is baseUrl right?", `; is ${names["baseUrl"]} right?`)
    .replace(": the token function returned", ": the token command returned")
    .replace(/ s \((?:timeout|attemptTimeout|idleTimeout)\)/g, " s");
}
