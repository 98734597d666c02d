// CloudFront, in front of a bucket: a function (runtime 2.0) on the event "viewer response".
function handler(event) {
  const { request, response } = event;
  response.headers['content-security-policy'] = { value: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; worker-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types bedside" };
  response.headers['cross-origin-opener-policy'] = { value: "same-origin" };
  response.headers['cross-origin-embedder-policy'] = { value: "require-corp" };
  response.headers['cross-origin-resource-policy'] = { value: "same-origin" };
  response.headers['permissions-policy'] = { value: "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), usb=()" };
  response.headers['referrer-policy'] = { value: "no-referrer" };
  response.headers['x-content-type-options'] = { value: "nosniff" };
  // The scripts that compute may compile WebAssembly, and connect to nothing.
  if (request.uri.includes('/assets/compute/')) {
    response.headers['content-security-policy'] = { value: "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; worker-src 'none'; connect-src 'none'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types bedside" };
  }
  response.headers['cache-control'] = { value: 'no-cache' };
  return response;
}
