import { isObject } from "../values.ts";
import { copyCause } from "../redact.ts";
import { ClientError, type Subject } from "./client-error.ts";

/** The connection failed: no such host, no server, broken off, or not HTTP. */
export class ConnectionError<State = unknown> extends ClientError<State> {
  override readonly name = "ConnectionError";
  override readonly isTransient: boolean;

  constructor(subject: Subject, fault: string, cause?: unknown) {
    const copy = copyCause(cause, subject.redact);
    const { code = "", message = "" }: { code?: unknown; message?: string } = copy ?? {};
    // If several IP addresses failed, there is only a code. OpenSSL's messages are locations in its source code.
    const reason = !message || /:error:/.test(message) ? code : message;
    const text = reason ? `${code} ${message}` : String(isObject(cause) && cause["message"]);
    const remedy = remedies.find(([pattern]) => pattern.test(text))?.[1];
    super(subject, fault + (reason ? ` (${reason})` : "") + (remedy ? `: ${remedy}` : ""), {
      cause: copy,
    });
    this.isTransient = !remedy;
  }
}

/**
 * How to fix failures that a retry would not fix, by the code and message of the innermost cause, or if it has
 * neither, by that of the error. Deno has no codes. An alert is what the server refuses (RFC 8446 §6.2); other
 * alerts, such as an internal error, may pass.
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
    /SELF_SIGNED|UNABLE_TO_|UNKNOWN_CERT|UnknownIssuer/,
    "the server's certificate is not trusted; add your own with NODE_EXTRA_CA_CERTS",
  ],
  [
    // Node's other codes of OpenSSL's X.509 errors; UNSPECIFIED are those without a code.
    /CERT|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH|CRL_|UNSPECIFIED|peer cert/,
    "the server needs another certificate, unless the clock or baseUrl is wrong",
  ],
  [
    /SSL_WRONG|SSL_PACKET|corrupt message|speak TLS/,
    "the server does not speak TLS; is its URL http?",
  ],
  [/INVALID_ARG invalid on/, "use a fetch and a dispatcher of the same undici"],
  [/UND_ERR_INVALID_ARG/, "the request cannot be sent"],
  [/incorrect header check/, "the content is not encoded as its Content-Encoding says"],
  [/ bad port$/, "fetch refuses this port"],
  // Node's fetch gives no reason for a 407, and only for a 407.
  [/^fetch failed$|\(407\)|407 Proxy/, "the proxy responded with 407; pass it your credentials"],
  // Of Node's ProxyAgent. The statuses that are left out may pass.
  [/Proxy response \((?!5|408|429)/, "the proxy refused to connect; does it allow this host?"],
];

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
