import { expect, test } from 'vitest';
import { sampleRecords } from '../../../test/support/conversation-records.ts';
import { type RawObject, readTree } from '../../client/index.ts';
import { packFiles } from './pack-files.ts';
import { isSameConversation, withId } from './place-imported.ts';

test('a conversation under another id is whole', () => {
  const { id, index, messages, images } = withId(sampleRecords(), 'new');
  const tree = readTree(id, index, messages);
  expect(tree.conversation).toMatchObject({ id: 'new', title: 'A question' });
  expect(tree.messages.map(message => [message.conversationId, message.condition])).toEqual(
    new Array(4).fill(['new', undefined]),
  );
  expect(images[0]![1]).toMatchObject({ conversationId: 'new' });
});

test('conversations are the same by what they hold, not by its order', () => {
  const sample = sampleRecords();
  const [first, ...others] = sample.messages as [string, RawObject][];
  const [id, record] = first!;
  const turned = Object.fromEntries(Object.entries(record).reverse());
  expect(isSameConversation(sample, { ...sample, messages: [...others, [id, turned]] })).toBe(true);
  expect(
    isSameConversation(sample, { ...sample, messages: [...others, [id, { ...turned, later: 1 }]] }),
  ).toBe(false);
  expect(isSameConversation(sample, { ...sample, images: [] })).toBe(false);
  expect(isSameConversation(sample, sampleRecords('other'))).toBe(false);
});

test('many go into as many files as can be read again', () => {
  const sizes = (list: number[]) => list.map(size => ({ blob: { size } as Blob }));
  const packed = packFiles(sizes([3000, 3000, 5000, 100]), 4096 + 6100);
  expect(packed.map(file => file.map(({ blob }) => blob.size))).toEqual([
    [3000, 3000],
    [5000, 100],
  ]);
  expect(packFiles([])).toEqual([]);
  expect(() => packFiles(sizes([7000]), 4096 + 6100)).toThrow('larger than a file that Bedside could read');
});
