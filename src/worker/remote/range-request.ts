/** One HTTP request for a part of a file, and what the answer turns out to be. A server is not believed, but compared. */
import { abortedError, BedsideError } from '../../engine/errors.ts';
import { type Sentence, sentence, written } from '../../engine/sentence.ts';
import type { Network } from './network.ts';

/** Worth trying again: the connection, or a server that is busy or confused. `error` is what the reader hears in the end. */
export class TemporaryFailure extends Error {
  readonly error: BedsideError;
  readonly retryAfterMs: number;

  constructor(error: BedsideError, retryAfterMs = 0) {
    super(error.message);
    this.name = 'TemporaryFailure';
    this.error = error;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The server has another file, or another version of it, than the one that the stored chunks are of. */
export class FileChanged extends Error {}

/** The server answered, and not with the file. `status` is that of HTTP; 200 of a web page in place of the file. */
export class Refusal extends BedsideError {
  readonly status: number;

  constructor(status: number, message: Sentence, advice: string) {
    super('network', message, advice);
    this.status = status;
  }
}

export interface RangeAnswer {
  /** `whole`: the server does not send parts; the body begins with the file's first byte. */
  kind: 'range' | 'whole';
  /** Of the whole file, where the server tells. */
  totalBytes: number | undefined;
  /** Its ETag or date: another one means another file. */
  version: string | undefined;
  body: ReadableStream<Uint8Array>;
}

export interface ByteRange {
  from: number;
  /** The first byte that is not wanted. */
  to: number;
}

/**
 * Asks for a range of a file. Rejects with TemporaryFailure, FileChanged, or with a BedsideError: 'network' where asking
 * again would not help, 'aborted'.
 * @param silenceMs a server that has not begun to answer by then is given up
 */
export async function requestRange(
  url: string,
  range: ByteRange,
  network: Network,
  signal: AbortSignal,
  silenceMs?: number,
): Promise<RangeAnswer> {
  const headers = { Range: `bytes=${range.from}-${range.to - 1}` };
  return readAnswer(await request(url, headers, network, signal, silenceMs), range);
}

/** Asks for the whole file; rejects as `requestRange` does. */
export async function requestWhole(
  url: string,
  network: Network,
  signal: AbortSignal,
  silenceMs?: number,
): Promise<RangeAnswer> {
  const response = await request(url, {}, network, signal, silenceMs);
  return readAnswer(response, { from: 0, to: Number.MAX_SAFE_INTEGER });
}

async function readAnswer(response: Response, { from, to }: ByteRange): Promise<RangeAnswer> {
  const version = response.headers.get('ETag') ?? response.headers.get('Last-Modified') ?? undefined;
  if (response.status === 416) {
    return drop(response, new FileChanged(`it has no bytes ${from}-${to - 1}`));
  }
  if (!response.ok || !response.body) return drop(response, refusal(response));
  if (response.headers.get('Content-Type')?.startsWith('text/html'))
    return drop(response, webPage(response.status));
  const { body } = response;
  if (response.status !== 206) {
    return { kind: 'whole', totalBytes: wholeNumber(response.headers.get('Content-Length')), version, body };
  }
  // Other origins may keep this header to themselves; then only the length of the body tells.
  const range = response.headers.get('Content-Range');
  if (range === null) {
    const sent = wholeNumber(response.headers.get('Content-Length'));
    if (sent === undefined || sent <= to - from) {
      return { kind: 'range', totalBytes: undefined, version, body };
    }
    return drop(response, new TemporaryFailure(wrongPart(`asked for ${from}-${to - 1}, got ${sent} bytes`)));
  }
  const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(range) ?? [];
  const totalBytes = wholeNumber(total ?? null);
  const lastWanted = Math.min(to, totalBytes ?? to) - 1;
  if (Number(first) !== from || Number(last) !== lastWanted) {
    return drop(response, new TemporaryFailure(wrongPart(`asked for ${from}-${to - 1}, got ${range}`)));
  }
  return { kind: 'range', totalBytes, version, body };
}

async function request(
  url: string,
  headers: HeadersInit,
  network: Network,
  stop: AbortSignal,
  silenceMs?: number,
): Promise<Response> {
  const blockedBefore = network.blockedCount?.();
  const silence = new AbortController();
  const timer = silenceMs === undefined ? undefined : setTimeout(() => silence.abort(), silenceMs);
  const signal = AbortSignal.any([stop, silence.signal]);
  try {
    // Not the browser's HTTP cache: it would keep a second copy, and nobody verifies that one.
    return await network.fetch(url, { cache: 'no-store', credentials: 'omit', headers, signal });
  } catch (thrown) {
    if (stop.aborted) throw abortedError();
    if (silence.signal.aborted) throw new TemporaryFailure(silent());
    // The browser tells why in a task of its own, which may come after the failure.
    await new Promise(resolve => setTimeout(resolve));
    if (network.blockedCount?.() !== blockedBefore) throw notAllowed(thrown);
    throw new TemporaryFailure(network.isOnline() ? unreachable(thrown) : offline(thrown));
  } finally {
    clearTimeout(timer);
  }
}

async function drop(response: Response, error: Error): Promise<never> {
  await response.body?.cancel().catch(() => undefined);
  throw error;
}

const temporaryStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);

function refusal(response: Response): Error {
  const { status, statusText } = response;
  const error = new Refusal(
    status,
    sentence`server-did-not-send-model: The server did not send the model: it answered ${{ status: written(status, `${status} ${statusText}`.trim()) }}.`,
    status === 401 || status === 403
      ? 'The file may need an account or an agreement at its publisher. Fetch it there by hand, then add it from disk.'
      : 'Try again later, or add the model from a file. If it lasts, check the address.',
  );
  if (!temporaryStatuses.has(status)) return error;
  return new TemporaryFailure(error, retryAfterMs(response.headers.get('Retry-After')));
}

function retryAfterMs(header: string | null): number {
  if (header === null) return 0;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return ms > 0 ? ms : 0;
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

export function offline(cause: unknown): BedsideError {
  return new BedsideError(
    'network',
    sentence`offline: This device is offline, and the model is not stored on it yet.`,
    'Connect once to fetch the model, or open it from a file. Once stored, it needs no connection.',
    cause,
  );
}

export function unreachable(cause: unknown): BedsideError {
  return new BedsideError(
    'network',
    sentence`server-unreachable: The server that holds the model could not be reached.`,
    'Check the connection and try again, or open the model from a file.',
    cause,
  );
}

function notAllowed(cause: unknown): BedsideError {
  return new BedsideError(
    'network',
    sentence`server-not-allowed: This page may not ask that server, or not the one that it passes the request on to.`,
    'Reload the page and try again. If it lasts, fetch the file with your browser, then add it from the drive.',
    cause,
  );
}

export function silent(): BedsideError {
  return new BedsideError(
    'network',
    sentence`server-stopped-sending: The server has stopped sending.`,
    'Check the connection, then go on: what has arrived is kept.',
  );
}

function webPage(status: number): Refusal {
  return new Refusal(
    status,
    sentence`web-page-instead-of-model: The server sent a web page instead of the model.`,
    'The address may be that of a page about the file, or the network asks for a sign-in first. Check both, then try again.',
  );
}

function wrongPart(cause: string): BedsideError {
  return new BedsideError(
    'network',
    sentence`server-sends-other-parts: The server sends other parts of the file than it is asked for.`,
    'Nothing wrong was stored. Fetch the file in another way, then add it from disk.',
    cause,
  );
}

export function changedFile(cause: string): BedsideError {
  return new BedsideError(
    'network',
    sentence`file-changed-on-server: The file on the server changed while it was being fetched.`,
    'Try again: the download then starts with the new file.',
    cause,
  );
}
