import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fixture } from '../../../test/support/data.ts';
import { BedsideError } from '../../engine/errors.ts';
import { readImageHeader } from '../read-image-header.ts';

const file = (name: string) => new Uint8Array(readFileSync(fixture(`images/heif/${name}`)));

test.each([
  ['picture.avif', { format: 'avif', width: 64, height: 48, hasAlpha: false }],
  ['clear.avif', { format: 'avif', width: 64, height: 48, hasAlpha: true }],
  ['turned.avif', { format: 'avif', width: 48, height: 64, hasAlpha: false }],
  ['picture.heic', { format: 'heic', width: 64, height: 48, hasAlpha: false }],
])('%s, upright', (name, expected) => {
  expect(readImageHeader(file(name))).toMatchObject({
    ...expected,
    orientation: 1,
    isAnimated: false,
    bitDepth: 8,
  });
});

test.each(['picture.avif', 'picture.heic'])(
  '%s with any byte changed or cut is read or refused in words',
  name => {
    const bytes = file(name);
    for (let at = 0; at < 420; at++) {
      for (const damaged of [bytes.subarray(0, at), bytes.with(at, 0xff), bytes.with(at, bytes[at]! ^ 1)]) {
        try {
          readImageHeader(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(BedsideError);
        }
      }
    }
  },
);
