import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fixture, readJson } from '../../../../test/support/data.ts';
import type { WantedImage } from './codec.ts';
import { decodeJpeg } from './jpeg/decode-jpeg.ts';
import { decodeJpeg2000 } from './jpeg-2000/decode-jpeg-2000.ts';

// Invented pictures: what OpenJPEG wrote and read (progressions, styles of code-blocks, tiles, changes of order), and what cjpeg
// wrote and djpeg of libjpeg-turbo read with its accurate integer transform (samplings, scans, restarts). Hashes are of 32-bit samples.
const folder = fixture('streams');
const golden = readJson<Record<string, WantedImage & { sha256: string }>>(`${folder}/golden.json`);

test.each(Object.entries(golden))('%s, to the last bit', (name, { sha256, ...wanted }) => {
  const stream = new Uint8Array(readFileSync(`${folder}/${name}`));
  const { data } = name.endsWith('.jpg')
    ? decodeJpeg(stream, wanted, wanted.samples === 1 ? 'MONOCHROME2' : 'YBR_FULL_422')
    : decodeJpeg2000(stream, wanted);
  const samples = Int32Array.from(data);
  expect(createHash('sha256').update(new Uint8Array(samples.buffer)).digest('hex')).toBe(sha256);
});

test.each(Object.entries(golden))(
  '%s cut short is refused, wherever it is cut',
  (name, { sha256: _, ...wanted }) => {
    const stream = new Uint8Array(readFileSync(`${folder}/${name}`));
    // The end marker alone may be missing of a JPEG: all of its pixels are there.
    const end = name.endsWith('.jpg') ? stream.length - 3 : stream.length - 2;
    for (let length = 0; length < end; length += 1 + (length >> 5)) {
      const cut = stream.subarray(0, length);
      const decode = () =>
        name.endsWith('.jpg') ? decodeJpeg(cut, wanted, 'YBR_FULL_422') : decodeJpeg2000(cut, wanted);
      expect(decode, `${length} of ${stream.length} bytes`).toThrow();
    }
  },
);
