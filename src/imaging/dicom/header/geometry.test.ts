import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fixture } from '../../../../test/support/data.ts';
import { openDicom } from '../open-dicom.ts';

const opened = (name: string) => openDicom(readFileSync(fixture(`dicom/${name}.dcm`)));

test('frames of an enhanced object lie where each says, in the orientation that they share', async () => {
  const { meta, identity } = await opened('enh-ct-per-frame');
  const orientation = [1, 0, 0, 0, 1, 0];
  const places = Array.from({ length: meta.framesReadable }, (_, frame) => ({
    position: [-100, -100, 5 * frame],
    orientation,
  }));
  expect(places.length).toBeGreaterThan(1);
  expect(identity.frames).toEqual(places);
  expect(identity).toMatchObject(places[0]!);
});

test('of a file of one frame nothing is said of its frames', async () => {
  expect((await opened('ts-rle')).identity).not.toHaveProperty('frames');
});
