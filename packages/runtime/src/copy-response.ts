/** A response with another body. Servers send statuses and reason phrases that the constructor refuses. */
export function copyResponse(
  body: ConstructorParameters<typeof Response>[0],
  response: Response,
): Response {
  const { status, statusText, ok, headers, url } = response;
  let copy: Response;
  try {
    copy = new Response(body, response);
  } catch {
    copy = Object.defineProperties(new Response(body, { headers }), {
      status: { value: status },
      statusText: { value: statusText },
      ok: { value: ok },
    });
  }
  return Object.defineProperty(copy, "url", { value: url });
}
