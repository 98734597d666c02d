/**
 * Takes from the service worker what it never uses. On a host that sends headers its policy binds it; on one that
 * sends none nothing does, since nobody stands between a service worker and the network. Defence in depth: a script
 * that runs here could not be told from ours, but our own code and its dependencies cannot reach out by mistake.
 */
export function confineToOwnOrigin(): void {
  const { origin } = self.location;
  const fetchAnything = self.fetch.bind(self);
  const fetchOwn: typeof fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input, self.location.href);
    if (url.origin === origin) return fetchAnything(input, init);
    return Promise.reject(new TypeError(`not of this site: ${url.origin}`));
  };
  replace('fetch', fetchOwn);
  replace('importScripts', () => {
    throw new TypeError('this service worker is one file');
  });
  for (const name of ['WebSocket', 'WebSocketStream', 'EventSource', 'WebTransport']) {
    replace(name, undefined);
  }
}

function replace(name: string, value: unknown): void {
  Object.defineProperty(self, name, { value, writable: false, configurable: false });
}
