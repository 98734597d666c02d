/** What a worker may ask of the network; tests hand in theirs. */
export interface Network {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** False only where the browser is sure that there is no connection. */
  isOnline(): boolean;
  /**
   * How many requests the page's own policy has stopped so far. A fetch that it stops, at its address or at one that a server
   * passes it on to, fails like any other: only this tells them apart.
   */
  blockedCount?(): number;
}

/** The network of the worker that this runs in. */
export function createWorkerNetwork(): Network {
  let blocked = 0;
  addEventListener('securitypolicyviolation', () => {
    blocked++;
  });
  return {
    fetch: (url, init) => fetch(url, init),
    isOnline: () => navigator.onLine,
    blockedCount: () => blocked,
  };
}
