import { afterEach, expect, test } from 'vitest';
import { makeCheckpoint } from '../../../test/support/checkpoint.ts';
import { type FaultyServer, startFaultyServer } from '../../../test/support/faulty-server.ts';
import { inspectCheckpoint } from './inspect-checkpoint.ts';

const network = { isOnline: () => true, fetch: (url: string, init: RequestInit) => fetch(url, init) };
const noNetwork = { isOnline: () => true, fetch: () => Promise.reject(new Error('not asked')) };

let server: FaultyServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const kinds = [
  [
    { architecture: 'llama', hasVision: false },
    { architecture: 'llama', seesImages: false },
  ],
  [{}, { architecture: 'internlm2', seesImages: true }],
] as const;

test.each(kinds)('picked files: %j', async (made, report) => {
  const files = [...makeCheckpoint(made).files].map(
    ([name, bytes]) => new File([new Uint8Array(bytes)], name),
  );
  expect(await inspectCheckpoint({ kind: 'files', files }, noNetwork)).toEqual(report);
});

test.each(kinds)('an address, of which config.json alone is asked for: %j', async (made, report) => {
  server = await startFaultyServer(makeCheckpoint(made).files);
  expect(await inspectCheckpoint({ kind: 'address', url: server.url }, network)).toEqual(report);
  expect(server.requests).toHaveLength(1);
});

test('where there is none, the reader hears so', async () => {
  server = await startFaultyServer(new Map([['README.md', new Uint8Array(9)]]));
  await expect(inspectCheckpoint({ kind: 'address', url: server.url }, network)).rejects.toMatchObject({
    code: 'no-model',
  });
  const file = new File(['{"architectures": ["WhisperModel"]}'], 'config.json');
  await expect(inspectCheckpoint({ kind: 'files', files: [file] }, noNetwork)).rejects.toMatchObject({
    code: 'unsupported-model',
  });
});

test('a server that cannot be reached is a matter of the network', async () => {
  await expect(
    inspectCheckpoint({ kind: 'address', url: 'https://models.test/' }, noNetwork),
  ).rejects.toMatchObject({ code: 'network' });
});
