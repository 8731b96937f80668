import { isObject } from "../values.ts";
import { copyCause } from "../redact.ts";
import { ClientError, type Subject } from "./client-error.ts";

/** The connection failed: no such host, no server, broken off, or not HTTP. */
export class ConnectionError<State = unknown> extends ClientError<State> {
  override readonly name = "ConnectionError";

  constructor(subject: Subject, fault: string, cause?: unknown) {
    const copy = copyCause(cause, subject.redact);
    super(subject, fault + reasonOf(copy) + remedyOf(copy), { cause: copy });
  }

  override get isTransient(): boolean {
    return remedyOf(this.cause) === "";
  }
}

/**
 * How to fix failures that a retry would not fix, by the code and message of their cause. Deno has no codes.
 * An alert is what the server refuses (RFC 8446 §6.2); other alerts, such as an internal error, may pass.
 */
const remedies: readonly (readonly [RegExp, string])[] = [
  [
    /ALERT_PROTOCOL_V|UNSUPPORTED_PROTOCOL|alert: ProtocolV/,
    "the server requires another version of TLS",
  ],
  [
    /alert(_|: )(\w*cert|unknown_?ca|handshake|access|insufficient|no_?appl)|UNRECOGNIZED_NAME/i,
    "the server refused the TLS handshake; it may require a client certificate",
  ],
  [
    /CERT|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|peer cert/,
    "the server's certificate is not trusted; add your own with NODE_EXTRA_CA_CERTS",
  ],
  [
    /SSL_WRONG|SSL_PACKET|corrupt message|speak TLS/,
    "the server does not speak TLS; is its URL http?",
  ],
  [/ bad port$/, "fetch refuses this port"],
  // Node's fetch gives no reason for a 407, and only for a 407.
  [/^ $|\(407\)|407 Proxy/, "the proxy responded with 407; pass it your credentials"],
];

/** If several IP addresses failed, there is only a code. OpenSSL's messages are locations in its source code. */
function reasonOf(cause: unknown): string {
  if (!isObject(cause)) return "";
  const { code = "", message } = cause;
  const reason = !message || /:error:/.test(String(message)) ? code : message;
  return reason ? ` (${reason})` : "";
}

function remedyOf(cause: unknown): string {
  if (!isObject(cause)) return "";
  const { code = "", message } = cause;
  const remedy = remedies.find(([pattern]) => pattern.test(`${code} ${message}`))?.[1];
  return remedy ? `: ${remedy}` : "";
}

/** Wraps the errors that the platform throws in a ConnectionError. */
export async function wrapConnectionError<T>(
  subject: Subject,
  fault: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new ConnectionError(subject, fault, cause);
  }
}
