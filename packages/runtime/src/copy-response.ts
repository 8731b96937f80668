/** A response with another body. Servers send statuses and reason phrases that the constructor refuses. */
export function copyResponse(
  body: ConstructorParameters<typeof Response>[0],
  response: Response,
): Response {
  let copy: Response;
  try {
    copy = new Response(body, response);
  } catch {
    copy = new Response(body, { headers: response.headers });
  }
  for (const name of ["status", "statusText", "ok", "url"] as const) {
    Object.defineProperty(copy, name, { value: response[name] });
  }
  return copy;
}
