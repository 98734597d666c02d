import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { FileHash } from './file-hash.ts';

const data = Uint8Array.from({ length: 2_500_001 }, (_, i) => (i * 31 + (i >> 9)) & 255);

test.each([64, 1_000_003, 1024 * 1024, data.length])(
  'SHA-256 of a file in pieces of %i bytes',
  async size => {
    const length = size === 64 ? 10_000 : data.length;
    const hash = new FileHash();
    for (let at = 0; at < length; at += size)
      await hash.update(data.subarray(at, Math.min(at + size, length)));
    expect(hash.digest()).toBe(createHash('sha256').update(data.subarray(0, length)).digest('hex'));
  },
);

test('stops in the middle of a piece', async () => {
  const abort = new AbortController();
  const hashing = new FileHash().update(data, abort.signal);
  abort.abort();
  await expect(hashing).rejects.toMatchObject({ code: 'aborted' });
});

test('lets others go first between slices', async () => {
  let turns = 0;
  const other = setInterval(() => turns++, 0);
  const hash = new FileHash();
  while (turns < 3) await hash.update(data);
  clearInterval(other);
});
