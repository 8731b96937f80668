/** A request and its response in the format of HAR 1.2, with the fields that `redocly drift` reads. */
export interface HarEntry {
  readonly startedDateTime: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly Field[];
  };
  readonly response: {
    readonly status: number;
    readonly statusText: string;
    readonly headers: readonly Field[];
    readonly content: { readonly mimeType: string; readonly text: string };
  };
}

interface Field {
  readonly name: string;
  readonly value: string;
}

/**
 * Creates a `fetch` that records requests and responses. It replaces `secret` with asterisks in headers and
 * in the query, and records only JSON bodies: no others are compared with a schema.
 */
export function recordFetch(
  secret: string | undefined,
  entries: HarEntry[],
): typeof globalThis.fetch {
  const fieldsOf = (headers: Headers): Field[] =>
    [...headers].map(([name, value]) => ({ name, value: withoutSecret(value, secret) }));
  return async (input, init) => {
    const request = new Request(input, init);
    const startedDateTime = new Date().toISOString();
    const response = await fetch(request);
    const mimeType = response.headers.get("content-type") ?? "";
    const isJson = /^[^;]+[/+]json\s*(?:;|$)/iu.test(mimeType);
    const text = isJson ? await response.clone().text() : "";
    const { method, url, headers } = request;
    const { status, statusText } = response;
    entries.push({
      startedDateTime,
      request: { method, url: withoutSecretInQuery(url, secret), headers: fieldsOf(headers) },
      response: {
        status,
        statusText,
        headers: fieldsOf(response.headers),
        content: { mimeType, text },
      },
    });
    return response;
  };
}

/** Replaces a value of a query. A path, a name or another value may contain the text of a short secret. */
function withoutSecretInQuery(url: string, secret: string | undefined): string {
  return url.replace(/(?<=[?&][^=&]*=)[^&]+/gu, (value) =>
    [secret, secret && encodeURIComponent(secret)].includes(value) ? "***" : value,
  );
}

/** Replaces a secret in a text with asterisks, whether it is encoded for a URL or not. */
export function withoutSecret(text: string, secret: string | undefined): string {
  if (secret === undefined) return text;
  return text.replaceAll(secret, "***").replaceAll(encodeURIComponent(secret), "***");
}
