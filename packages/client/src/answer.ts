import type { Call } from "./deadline.ts";
import { connecting, InvalidResponseError } from "./errors.ts";

/**
 * Reads an answer that has to be whole, which openapi-fetch then reads again; JSON, if it is a success.
 *
 * @throws ConnectionError; InvalidResponseError if it is no JSON
 */
export async function readAnswer(
  call: Call,
  response: Response,
  token: string | undefined,
): Promise<Response> {
  const { ok } = response;
  const text = await connecting(call, "the connection broke off in the answer", () =>
    response.text(),
  );
  let value: unknown;
  try {
    if (ok) value = JSON.parse(text);
  } catch {
    // The cause would quote the answer.
    throw new InvalidResponseError(call.label, "it is not JSON");
  }
  // What refuses a request may quote it.
  const body = ok || !token ? text : text.replaceAll(token, "…");
  // A copy costs as much as a request.
  return Object.assign(response, { text: async () => body, json: async () => value });
}

/** Makes a copy of an answer that was read, for those who read it in ways of their own. */
export async function copyAnswer(response: Response): Promise<Response> {
  // One that a script may not see cannot be copied, and some statuses can have no body.
  return response.status === 0 ? response : new Response((await response.text()) || null, response);
}

/** Lets go of an answer that nobody reads, and of its connection. */
export function discard(response: Response): void {
  response.body?.cancel().catch(() => undefined);
}
