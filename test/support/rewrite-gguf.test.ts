import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { bytesSource } from '../../src/engine/formats/byte-source.ts';
import { parseGguf } from '../../src/engine/formats/gguf.ts';
import { fixture } from './data.ts';
import { rewriteGguf } from './rewrite-gguf.ts';

test('what is set and left out is, and all else of the file is as it was', async () => {
  const bytes = await readFile(fixture('models/nano-chat-q4_0.gguf'));
  const before = await parseGguf(bytesSource(bytes));
  const written = await rewriteGguf(bytes, {
    set: [
      ['general.name', 'string', 'Ward model'],
      ['general.languages', 'string[]', ['en', 'de']],
    ],
    without: ['general.license'],
  });
  const after = await parseGguf(bytesSource(written));
  const expected = new Map(before.metadata);
  expected.delete('general.license');
  expected.set('general.name', 'Ward model').set('general.languages', ['en', 'de']);
  const listed = ({ metadata }: Pick<typeof before, 'metadata'>) =>
    JSON.stringify([...metadata].sort(([a], [b]) => (a < b ? -1 : 1)));
  expect(listed(after) === listed({ metadata: expected })).toBe(true);
  const placed = ({ tensors, dataOffset }: typeof before) =>
    tensors.map(({ offset, ...tensor }) => ({ ...tensor, at: offset - dataOffset }));
  expect(placed(after)).toEqual(placed(before));
  expect(Buffer.compare(written.subarray(after.dataOffset), bytes.subarray(before.dataOffset))).toBe(0);
});
