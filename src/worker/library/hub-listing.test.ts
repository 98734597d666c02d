import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listHubFiles } from './hub-listing.ts';

/** A server on this machine that answers as the hub does. */
let server: Server;
let origin: string;
let asked: string[];
let answer: (url: URL, response: ServerResponse) => void;

beforeEach(async () => {
  asked = [];
  server = createServer((request: IncomingMessage, response) => {
    asked.push(request.url ?? '');
    answer(new URL(request.url ?? '', origin), response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => new Promise<void>(resolve => server.close(() => resolve())));

const network = { fetch, isOnline: () => true };
const list = (revision = 'main') => listHubFiles({ origin, id: 'org/name', revision }, network);
const json = (response: ServerResponse, body: unknown, headers = {}) => {
  response.writeHead(200, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
};
const lfs = (digit: string) => ({ oid: digit.repeat(64), size: 5, pointerSize: 130 });

test('model files are listed from every page, with size and hash', async () => {
  answer = (url, response) => {
    const isSecond = url.searchParams.get('cursor') === 'x';
    const next = `${origin}/api/models/org/name/tree/v%2F1?recursive=true&cursor=x`;
    if (isSecond) json(response, [{ type: 'file', path: 'q/b-Q8_0.gguf', size: 7 }]);
    else {
      json(
        response,
        [
          { type: 'directory', path: 'q', size: 0 },
          { type: 'file', path: 'README.md', size: 3 },
          { type: 'file', path: 'a-Q4_K_M.gguf', size: 5, lfs: lfs('a') },
          { type: 'file', path: 'odd.gguf', size: 'large' },
          { type: 'file', path: 'c.gguf', size: 5, lfs: { oid: 'no hash' } },
          null,
        ],
        { Link: `<${next}>; rel="next"` },
      );
    }
  };
  expect(await list('v/1')).toEqual([
    { path: 'a-Q4_K_M.gguf', bytes: 5, sha256: 'a'.repeat(64) },
    { path: 'c.gguf', bytes: 5 },
    { path: 'q/b-Q8_0.gguf', bytes: 7 },
  ]);
  expect(asked).toEqual([
    '/api/models/org/name/tree/v%2F1?recursive=true',
    '/api/models/org/name/tree/v%2F1?recursive=true&cursor=x',
  ]);
});

test('a next page on another server is not asked for, and pages without an end are not followed for ever', async () => {
  answer = (_, response) => json(response, [], { Link: '<https://elsewhere.test/api>; rel="next"' });
  expect(await list()).toEqual([]);
  expect(asked).toHaveLength(1);
  asked = [];
  answer = (url, response) => json(response, [], { Link: `<${origin}${url.pathname}?again>; rel="next"` });
  await list();
  expect(asked).toHaveLength(20);
});

test.each([
  [401, /without an account/],
  [403, /without an account/],
  [404, /no such repository/],
  [500, /answered 500/],
])('%d is said in words', async (status, words) => {
  answer = (_, response) => {
    response.writeHead(status);
    response.end('{}');
  };
  await expect(list()).rejects.toMatchObject({ code: 'network', message: expect.stringMatching(words) });
});

test('a server that is no hub, or is not there, is told from one', async () => {
  answer = (_, response) => response.end('<html>');
  await expect(list()).rejects.toMatchObject({ message: 'The server did not send a list of files.' });
  const gone = { fetch: () => Promise.reject(new TypeError('failed')), isOnline: () => true };
  await expect(listHubFiles({ origin, id: 'o/n', revision: 'main' }, gone)).rejects.toMatchObject({
    code: 'network',
    message: expect.stringContaining('could not be reached'),
  });
});
