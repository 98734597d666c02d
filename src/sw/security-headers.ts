import headers from './security-headers.json' with { type: 'json' };

/**
 * The response with the security headers added, so that page and worker are confined on a host that sets none.
 * `policy` is the Content-Security-Policy of this file. Responses that a script may not read (opaque, redirects,
 * errors) cannot be rebuilt and stay as they are.
 */
export function withSecurityHeaders(response: Response, policy: string): Response {
  if (response.status === 0) return response;
  const { body, status, statusText } = response;
  const secured = new Response(body, { status, statusText, headers: response.headers });
  for (const [name, value] of Object.entries(headers)) secured.headers.set(name, value);
  secured.headers.set('Content-Security-Policy', policy);
  return secured;
}
