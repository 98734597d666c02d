import { abortedError, BedsideError } from '../engine/errors.ts';
import type { WeightStore } from '../storage/weights.ts';
import type { ModelSource } from './protocol.ts';

export type UrlSource = Extract<ModelSource, { kind: 'url' }>;

export interface Network {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** False only where the browser is sure that there is no connection. */
  isOnline(): boolean;
}

/**
 * Fetches a model into the weight store, each chunk verified before it is written. Rejects with 'network',
 * 'wrong-hash', 'storage-full', 'storage-unavailable' or 'aborted'; nothing is fetched again without being asked.
 */
export async function downloadModel(
  source: UrlSource,
  weights: WeightStore,
  network: Network,
  options: { signal: AbortSignal; onProgress(doneBytes: number, totalBytes: number): void },
): Promise<void> {
  const { signal } = options;
  options.onProgress(0, source.bytes);
  const body = await openDownload(source.url, network, signal);
  await weights.saveModel(source.id, body, {
    url: source.url,
    bytes: source.bytes,
    chunkBytes: source.chunkBytes,
    expectedSha256: source.chunkSha256,
    ...options,
  });
}

/** The bytes of a file on a server, as they come. Rejects with 'network' or 'aborted'. */
export async function openDownload(
  url: string,
  network: Network,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const response = await request(url, network, signal);
  if (!response.ok || !response.body) throw await refused(response);
  return response.body;
}

async function request(url: string, network: Network, signal: AbortSignal): Promise<Response> {
  try {
    // Not the browser's HTTP cache: it would keep a second copy, and nobody verifies that one.
    return await network.fetch(url, { cache: 'no-store', signal });
  } catch (thrown) {
    if (signal.aborted) throw abortedError();
    if (!network.isOnline()) {
      throw new BedsideError(
        'network',
        'This device is offline, and the model is not stored on it yet.',
        'Connect once to fetch the model, or open it from a file. Once stored, it needs no connection.',
        thrown,
      );
    }
    throw new BedsideError(
      'network',
      'The server that holds the model could not be reached.',
      'Check the connection and try again, or open the model from a file.',
      thrown,
    );
  }
}

async function refused(response: Response): Promise<BedsideError> {
  await response.body?.cancel();
  return new BedsideError(
    'network',
    `The server did not send the model: it answered ${response.status}${response.statusText && ` ${response.statusText}`}.`,
    'Try again later, or open the model from a file. If it lasts, tell whoever runs this site.',
  );
}
