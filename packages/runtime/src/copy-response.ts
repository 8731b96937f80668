/** A response with another body. Servers send statuses and reason phrases that the constructor refuses. */
export function copyResponse(
  body: ConstructorParameters<typeof Response>[0],
  response: Response,
): Response {
  try {
    return new Response(body, response);
  } catch {
    const { status, statusText, ok, headers } = response;
    return Object.defineProperties(new Response(body, { headers }), {
      status: { value: status },
      statusText: { value: statusText },
      ok: { value: ok },
    });
  }
}
