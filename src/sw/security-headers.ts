import headers from './security-headers.json' with { type: 'json' };

/**
 * The response with the security headers added, so that page and worker are confined on a host that sets none.
 * Responses that a script may not read (opaque, redirects, errors) cannot be rebuilt and stay as they are.
 */
export function withSecurityHeaders(response: Response): Response {
  if (response.status === 0) return response;
  const { body, status, statusText } = response;
  const secured = new Response(body, { status, statusText, headers: response.headers });
  for (const [name, value] of Object.entries(headers)) secured.headers.set(name, value);
  return secured;
}
