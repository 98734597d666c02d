/** What a worker may ask of the network; tests hand in theirs. */
export interface Network {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** False only where the browser is sure that there is no connection. */
  isOnline(): boolean;
}
