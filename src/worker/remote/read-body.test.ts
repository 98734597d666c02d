import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { readBody } from './read-body.ts';

const data = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 31 + (i >> 9)) & 255);

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function hashOf(body: ReadableStream<Uint8Array>): Promise<string> {
  const reader = readBody(body);
  const hash = createHash('sha256');
  for (let piece = await reader.read(); piece; piece = await reader.read()) hash.update(piece);
  return hash.digest('hex');
}

test('the same bytes through a buffer of its own and from a stream that hands out arrays', async () => {
  const bytes = new Response(data).body!;
  expect(() => new Response(data).body!.getReader({ mode: 'byob' })).not.toThrow();
  expect(await hashOf(bytes)).toBe(sha256Of(data));
  const arrays = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(data.slice(0, 10));
      controller.enqueue(data.slice(10));
      controller.close();
    },
  });
  expect(await hashOf(arrays)).toBe(sha256Of(data));
});

test.each(['bytes', undefined] as const)('a body of type %s that breaks says so', async type => {
  let handedOut = 0;
  const body = new ReadableStream({
    ...(type ? { type } : {}),
    pull(controller: { enqueue(piece: Uint8Array): void; error(reason: Error): void }) {
      if (handedOut++ === 0) controller.enqueue(data.slice(0, 10));
      else controller.error(new TypeError('broken'));
    },
  } as UnderlyingByteSource);
  const reader = readBody(body as ReadableStream<Uint8Array>);
  expect(await reader.read()).toEqual(data.slice(0, 10));
  await expect(reader.read()).rejects.toThrow('broken');
});
