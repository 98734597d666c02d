import type { Network } from '../../src/worker/remote/network.ts';

/** The real network, and what of it reached the caller; what a socket still held when it was closed is not among that. */
export class CountingNetwork implements Network {
  /** Bytes of the bodies that `counts` names. */
  fetched = 0;
  readonly #counts: (url: string) => boolean;

  constructor(counts: (url: string) => boolean = () => true) {
    this.#counts = counts;
  }

  isOnline = (): boolean => true;

  fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(url, init);
    const count = new TransformStream<Uint8Array, Uint8Array>({
      transform: (piece, controller) => {
        if (this.#counts(url)) this.fetched += piece.length;
        controller.enqueue(piece);
      },
    });
    const { status, statusText, headers } = response;
    return new Response(response.body?.pipeThrough(count) ?? null, { status, statusText, headers });
  };
}
