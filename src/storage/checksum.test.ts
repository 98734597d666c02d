import { expect, test } from 'vitest';
import { checksum } from './checksum.ts';

const data = Uint8Array.from({ length: 4099 }, (_, i) => (i * 31 + (i >> 5)) & 255);

test('every changed byte shows, in the words and in the bytes after them', () => {
  const sound = checksum(data);
  expect(sound).toMatch(/^[0-9a-f]{32}$/);
  for (let i = 0; i < data.length; i++) {
    const damaged = data.slice();
    damaged[i]! ^= 1 << (i % 8);
    expect(checksum(damaged), `byte ${i}`).not.toBe(sound);
  }
});

test('neighbours that changed places, and zeros in place of data, show', () => {
  const swapped = data.slice();
  swapped.set(data.subarray(16, 32), 0);
  swapped.set(data.subarray(0, 16), 16);
  expect(checksum(swapped)).not.toBe(checksum(data));
  expect(checksum(data.map((byte, i) => (i >= 1024 && i < 2048 ? 0 : byte)))).not.toBe(checksum(data));
});

test('the same top bit flipped in two words shows, whatever lies between', () => {
  const sound = checksum(data);
  for (let words = 1; words <= 64; words++) {
    const damaged = data.slice();
    for (const word of [3, 3 + words]) damaged[4 * word + 3]! ^= 0x80;
    expect(checksum(damaged), `${words} words apart`).not.toBe(sound);
  }
});

test('does not depend on where in a buffer the bytes lie', () => {
  const buffer = new Uint8Array(data.length + 3);
  buffer.set(data, 3);
  expect(checksum(buffer.subarray(3))).toBe(checksum(data));
  expect(checksum(new Uint8Array())).toHaveLength(32);
});
