import { crc32 as zlibCrc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import { seededRandom } from '../../../test/support/random.ts';
import { crc32 } from './crc32.ts';

const random = seededRandom(3);
const bytes = Uint8Array.from({ length: 300 }, () => random() * 256);

it('CRC-32 has its check value', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array())).toBe(0);
});

it('CRC-32 of any length, at once or piece by piece, is zlib’s', () => {
  for (let length = 0; length < 40; length++) {
    for (const start of [0, 1, 5]) {
      const part = bytes.subarray(start, start + length);
      expect(crc32(part), `${start}, ${length}`).toBe(zlibCrc32(part));
    }
  }
  for (const cut of [0, 1, 7, 8, 9, 150, 299, 300]) {
    expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut))), `cut at ${cut}`).toBe(zlibCrc32(bytes));
  }
});
