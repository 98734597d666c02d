import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../test/support/random.ts';
import { type ArchiveOptions, type WriterEntry, writeZip } from '../../../test/support/zip-writer.ts';
import { FormatError } from '../errors.ts';
import { bytesSource } from './byte-source.ts';
import { readZipDirectory } from './zip-directory.ts';

const first: WriterEntry = { name: 'a/one', data: new Uint8Array(100).fill(1) };
const second: WriterEntry = { name: 'a/two', data: new Uint8Array(7).fill(2) };
const file = writeZip([first, second]);

async function codeOf(bytes: Uint8Array): Promise<string> {
  try {
    await readZipDirectory(bytesSource(bytes));
    return 'read';
  } catch (error) {
    if (error instanceof FormatError) return error.code;
    throw error;
  }
}

const saying = (says: WriterEntry['says'], options?: ArchiveOptions) =>
  writeZip([first, { ...second, says }], options);

describe('the directory of a ZIP archive', () => {
  it.each([
    ['with ZIP64 records, as PyTorch writes it', file],
    ['without them', writeZip([first, second], { isZip64: false })],
    ['with sizes of 64 bits', saying({ inZip64: true })],
  ])('%s says where each part lies', async (_what, bytes) => {
    const entries = await readZipDirectory(bytesSource(bytes));
    expect([...entries.keys()]).toEqual(['a/one', 'a/two']);
    for (const { name, data } of [first, second]) {
      const { offset, bytes: length } = entries.get(name)!;
      expect(bytes.slice(offset, offset + length), name).toEqual(data);
      expect(offset % 64).toBe(0);
    }
  });

  it('of nothing is empty', async () => {
    expect((await readZipDirectory(bytesSource(writeZip([])))).size).toBe(0);
  });

  it.each<[string, Uint8Array, string]>([
    ['a compressed part', saying({ method: 8 }), 'unsupported-model'],
    ['an encrypted part', saying({ flags: 1 }), 'unsupported-model'],
    ['a part that would grow', saying({ bytes: 2 ** 30, packedBytes: 7 }), 'invalid-model'],
    ['a part longer than the file', saying({ bytes: 2 ** 31 }), 'invalid-model'],
    ['a part longer than any file', saying({ inZip64: true, bytes: 2 ** 52 }), 'invalid-model'],
    [
      'a size past exact numbers',
      saying({ inZip64: true, zip64Numbers: [2n ** 63n, 7, 0] }),
      'invalid-model',
    ],
    ['a part that runs into the directory', saying({ bytes: 100 }), 'invalid-model'],
    ['two parts in the same place', saying({ headerOffset: 0 }), 'invalid-model'],
    ['a part inside another', writeZip([{ ...first, says: { bytes: 200 } }, second]), 'invalid-model'],
    ['a part behind the directory', saying({ headerOffset: file.length - 22 }), 'invalid-model'],
    ['a part without a header', saying({ headerOffset: 1 }), 'invalid-model'],
    ['another name than the part itself', saying({ name: 'a/six' }), 'invalid-model'],
    ['a name twice', writeZip([first, first]), 'invalid-model'],
    ['sizes that are left out', saying({ inZip64: true, zip64Numbers: [] }), 'invalid-model'],
    ['fewer parts than there are', writeZip([first, second], { end: { entries: 1 } }), 'invalid-model'],
    ['more parts than there are', writeZip([first, second], { end: { entries: 3 } }), 'invalid-model'],
    [
      'a billion parts',
      writeZip([first], { end: { entries: 2 ** 30 }, shortEntries: 0xffff }),
      'invalid-model',
    ],
    ['two numbers of parts', writeZip([first], { shortEntries: 2 }), 'invalid-model'],
    ['a length past the file', writeZip([first], { end: { directoryBytes: 2 ** 31 } }), 'invalid-model'],
    ['a place past the file', writeZip([first], { end: { directoryOffset: 2 ** 31 } }), 'invalid-model'],
    ['a record somewhere else', writeZip([first], { end: { end64Offset: 0 } }), 'invalid-model'],
  ])('with %s is refused', async (_what, bytes, code) => {
    expect(await codeOf(bytes)).toBe(code);
  });

  it('is refused wherever the file is cut', async () => {
    for (let length = 0; length < file.length; length++) {
      expect(await codeOf(file.subarray(0, length)), `cut at ${length}`).toBe('truncated-model');
    }
  });

  it('of 3,000 damaged archives is refused or leads into the file', async () => {
    const random = seededRandom(7);
    let refused = 0;
    const directory = file.length - 98 - 2 * 51;
    for (let round = 0; round < 3000; round++) {
      const bytes = file.slice();
      const at = random() < 0.7 ? directory + random() * (file.length - directory) : random() * file.length;
      bytes[Math.floor(at)] = random() < 0.5 ? 0xff : random() * 256;
      try {
        const entries = [...(await readZipDirectory(bytesSource(bytes))).values()];
        for (const { offset, bytes: length } of entries)
          expect(offset + length).toBeLessThanOrEqual(directory);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(500);
    expect(refused).toBeLessThan(3000);
  });
});
