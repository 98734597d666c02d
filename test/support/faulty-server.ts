/** A server on this machine that sends one file or a folder, and can stall, cut, lie and lose the ability to send parts. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FaultyRequest {
  /** Counts from 0. */
  number: number;
  /** Of the file, without its folder. */
  name: string;
  /** The part that was asked for; all of the file without a Range header. `to` is the first byte not wanted. */
  from: number;
  to: number;
  isRange: boolean;
}

/** What to do with a request; nothing said, it is answered well. */
export interface Fault {
  status?: number;
  headers?: Record<string, string>;
  /** Ends the connection after so many bytes of the body. */
  cutAfter?: number;
  /** Sends so many bytes of the body and then nothing more. */
  stallAfter?: number;
  /** Does not even begin to answer. */
  isSilent?: boolean;
  /** Ignores the Range header: 200 with everything. */
  ignoreRange?: boolean;
  /** Answers 206 with a part that starts so many bytes later than it should. */
  shiftBy?: number;
  /** Sends other bytes: 1 in each byte at the offsets given within the file is flipped. */
  flip?: number[];
  body?: string;
}

export interface FaultyServer {
  /** Of the file, whatever it is called, or of the folder. */
  url: string;
  /** The same file under another name. */
  urlOf(name: string): string;
  /** Of every answer so far to a request for a part, or in the place of one. What only a beginning was wanted of does not count. */
  sentBytes(): number;
  requests: FaultyRequest[];
  /** The file, and its ETag (null: none is sent), from now on; `name` is that of a file of a folder. */
  serve(data: Uint8Array, etag?: string | null, name?: string): void;
  /** Decides on every request from now on. */
  misbehave(decide: (request: FaultyRequest) => Fault | undefined): void;
  /** Upper bound for the sum of all answers, in bytes a second. */
  throttle(bytesPerSecond: number): void;
  close(): Promise<void>;
}

const pieceBytes = 64 * 1024;

const folderPath = 'publisher/Tiny-Monkey/resolve/main/';

/** @param content a file, or the files of a folder by their names */
export async function startFaultyServer(
  content: Uint8Array | ReadonlyMap<string, Uint8Array>,
): Promise<FaultyServer> {
  const onlyFile = 'model.gguf';
  const isFolder = !(content instanceof Uint8Array);
  const files = new Map<string, { data: Uint8Array; etag: string | null }>();
  for (const [name, data] of isFolder ? content : [[onlyFile, content] as const]) {
    files.set(name, { data, etag: '"1"' });
  }
  let decide: (request: FaultyRequest) => Fault | undefined = () => undefined;
  let bytesPerSecond = Number.POSITIVE_INFINITY;
  let nextPieceMs = 0;
  let sent = 0;
  const requests: FaultyRequest[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const isRange = first !== undefined;
    const name = isFolder ? (request.url?.split(folderPath)[1] ?? '') : onlyFile;
    const length = files.get(name)?.data.length ?? 0;
    const from = Number(first ?? 0);
    const to = Math.min(last ? Number(last) + 1 : length, length);
    const asked = { number: requests.length, name, from, to, isRange };
    requests.push(asked);
    const decided = decide(asked);
    // The decision may have been to serve another file from now on.
    const isThere = files.has(name) || decided?.body !== undefined;
    const fault: Fault = { ...(isThere ? {} : { status: 404 }), ...decided };
    const { data, etag } = files.get(name) ?? { data: new Uint8Array(0), etag: null };
    const cors = {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Expose-Headers': 'Content-Range, ETag',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    };
    if (fault.isSilent) return;
    if (fault.body !== undefined || (fault.status !== undefined && fault.status >= 400)) {
      response.writeHead(fault.status ?? 200, { ...cors, ...fault.headers });
      response.end(fault.body ?? '');
      return;
    }
    if (isRange && from >= data.length && !fault.ignoreRange) {
      response.writeHead(416, { ...cors, 'Content-Range': `bytes */${data.length}` }).end();
      return;
    }
    const shift = fault.shiftBy ?? 0;
    const isPart = isRange && !fault.ignoreRange;
    const body = isPart ? data.slice(from + shift, to + shift) : data.slice();
    const start = isPart ? from + shift : 0;
    for (const offset of fault.flip ?? []) {
      if (offset >= start && offset < start + body.length) body[offset - start]! ^= 1;
    }
    response.writeHead(isPart ? 206 : 200, {
      ...cors,
      'Content-Type': 'application/octet-stream',
      'Content-Length': String(body.length),
      'Accept-Ranges': 'bytes',
      ...(etag === null ? {} : { ETag: etag }),
      ...(isPart ? { 'Content-Range': `bytes ${start}-${start + body.length - 1}/${data.length}` } : {}),
      ...fault.headers,
    });
    const limit = Math.min(body.length, fault.cutAfter ?? body.length, fault.stallAfter ?? body.length);
    for (let at = 0; at < limit && !response.destroyed; at += pieceBytes) {
      const piece = body.subarray(at, Math.min(at + pieceBytes, limit));
      const now = performance.now();
      nextPieceMs = Math.max(nextPieceMs, now) + (piece.length / bytesPerSecond) * 1000;
      if (nextPieceMs > now + 5) await new Promise(resolve => setTimeout(resolve, nextPieceMs - now));
      if (response.destroyed) return;
      if (isRange) sent += piece.length;
      if (!response.write(piece)) {
        await new Promise<void>(resolve => {
          const goOn = () => {
            response.off('drain', goOn).off('close', goOn);
            resolve();
          };
          response.once('drain', goOn).once('close', goOn);
        });
      }
    }
    if (fault.stallAfter !== undefined) return;
    if (fault.cutAfter !== undefined) response.destroy();
    else response.end();
  }

  const server = createServer((request, response) => {
    // A fetch of another origin that asks for a part is announced by some browsers.
    if (request.method === 'OPTIONS') {
      response
        .writeHead(204, { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': 'Range' })
        .end();
    } else void answer(request, response);
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  const urlOf = (name: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`;
  return {
    url: urlOf(isFolder ? folderPath : onlyFile),
    urlOf,
    sentBytes: () => sent,
    requests,
    serve(data, etag = `"${Math.random()}"`, name = onlyFile) {
      files.set(name, { data, etag });
    },
    misbehave(next) {
      decide = next;
    },
    throttle(rate) {
      bytesPerSecond = rate;
    },
    close: () =>
      new Promise(closed => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
