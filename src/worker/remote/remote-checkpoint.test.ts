import { afterEach, expect, test } from 'vitest';
import { type Checkpoint, makeCheckpoint } from '../../../test/support/checkpoint.ts';
import { type FaultyServer, startFaultyServer } from '../../../test/support/faulty-server.ts';
import { streamGguf } from '../../engine/convert/gguf-stream.ts';
import { planConversion } from '../../engine/convert/plan-conversion.ts';
import { convertCheckpoint } from '../library/convert-checkpoint.ts';
import { openRemoteCheckpoint } from './remote-checkpoint.ts';

const retry = { attempts: 3, firstDelayMs: 1, longestDelayMs: 5, silenceMs: 30_000 };
const options = { name: 'Tiny', type: 'Q8_0' as const, withVision: false };

let server: FaultyServer;
afterEach(() => server.close());

function calls(hidden: readonly string[] = []) {
  const network = {
    isOnline: () => true,
    async fetch(url: string, init: RequestInit) {
      const { body, status, headers } = await fetch(url, init);
      return new Response(body, { status, headers: [...headers].filter(([name]) => !hidden.includes(name)) });
    },
  };
  const { signal } = new AbortController();
  return { network, signal, retry, onNotice: () => undefined };
}

async function open(content: Checkpoint, hidden?: readonly string[]) {
  server = await startFaultyServer(content.files);
  return openRemoteCheckpoint(server.url, calls(hidden));
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

const llama = { architecture: 'llama', hasVision: false, dtype: 'F16' } as const;

test.each([
  ['one safetensors file', {}, ['model.safetensors']],
  [
    'PyTorch files with an index',
    { ...llama, form: 'pytorch', shards: 2 } as const,
    ['pytorch_model.bin.index.json', 'pytorch_model-00001-of-00002.bin', 'pytorch_model-00002-of-00002.bin'],
  ],
])('of %s only what is needed is looked up, and all of it is found', async (_what, size, weights) => {
  const checkpoint = makeCheckpoint(size);
  checkpoint.files.set('README.md', new Uint8Array(9));
  const folder = await open(checkpoint);
  expect([...folder.names].sort()).toEqual(
    ['added_tokens.json', 'config.json', 'tokenizer.model', 'tokenizer_config.json', ...weights].sort(),
  );
  const { text } = await convertCheckpoint(folder, options);
  const whole = await collect(streamGguf((await planConversion(checkpoint.folder, options)).text));
  expect((await collect(text.read(0, text.bytes))).equals(whole)).toBe(true);
  expect((await collect(text.read(5000, 9000))).equals(whole.subarray(5000, 9000))).toBe(true);
});

test('a server that shows neither the whole length nor a version', async () => {
  const checkpoint = makeCheckpoint(llama);
  const folder = await open(checkpoint, ['content-range', 'etag']);
  const { text } = await convertCheckpoint(folder, options);
  const whole = await collect(streamGguf((await planConversion(checkpoint.folder, options)).text));
  expect((await collect(text.read(0, text.bytes))).equals(whole)).toBe(true);
});

test('a conversion is known by the files that it reads, and by nothing else', async () => {
  const checkpoint = makeCheckpoint(llama);
  const folder = await open(checkpoint);
  const version = async () => {
    const again = await openRemoteCheckpoint(server.url, calls());
    return (await convertCheckpoint(again, options)).text.version;
  };
  const first = (await convertCheckpoint(folder, options)).text.version;
  server.serve(new Uint8Array(9), '"1"', 'README.md');
  expect(await version()).toBe(first);
  server.serve(checkpoint.files.get('model.safetensors')!, '"2"', 'model.safetensors');
  expect(await version()).not.toBe(first);
});
