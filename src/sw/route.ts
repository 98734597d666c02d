/** What of a request decides who answers it. */
export interface RoutedRequest {
  method: string;
  mode: string;
  /** Empty for fetch(), else what the response becomes: document, script, worker ... */
  destination: string;
  url: string;
  headers: { has(name: string): boolean };
}

/** `cache`: the precached file at `url`. `network`: fetched, headers added. `browser`: not ours to touch. */
export type Route = { from: 'cache'; url: string } | { from: 'network' } | { from: 'browser' };

/** `scope` is an absolute URL with a trailing slash; `precached` holds absolute URLs. */
export function routeRequest(request: RoutedRequest, scope: string, precached: ReadonlySet<string>): Route {
  const url = new URL(request.url);
  const isOurs = url.origin === new URL(scope).origin && request.method === 'GET';
  // A range is a piece of a weight file: a cached whole would be the wrong answer.
  if (!isOurs || request.headers.has('range')) return { from: 'browser' };

  url.hash = '';
  if (precached.has(url.href)) return { from: 'cache', url: url.href };
  if (request.mode === 'navigate') {
    url.search = '';
    if (precached.has(url.href)) return { from: 'cache', url: url.href };
    if (url.href === scope) return { from: 'cache', url: new URL('index.html', scope).href };
  }
  // The headers confine documents and scripts. Data, gigabytes of weights among it, needs no detour through here.
  return { from: request.destination === '' ? 'browser' : 'network' };
}
