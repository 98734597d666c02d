import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dataFile, fixture } from '../../../test/support/data.ts';
import { BedsideError } from '../../engine/errors.ts';
import { type DicomFacts, lookAtDicom } from './look-at-dicom.ts';
import { openDicom } from './open-dicom.ts';

const data = dataFile('testdata/dicom');
const folders = [
  fixture('dicom'),
  ...(data ? ['synthetic', 'synthetic/refuse', 'real'] : []).map(name => join(data!, name)),
];
const files = folders.filter(existsSync).flatMap(folder =>
  readdirSync(folder, { withFileTypes: true })
    .filter(
      entry => entry.isFile() && entry.name !== 'deflate-bomb.dcm' && !/\.(gz|json|md|png)$/.test(entry.name),
    )
    .map(({ name }) => join(folder, name)),
);

async function found(look: () => Promise<DicomFacts>): Promise<DicomFacts | string> {
  try {
    const { meta, identity } = await look();
    return { meta, identity };
  } catch (error) {
    if (error instanceof BedsideError) return error.reason;
    throw error;
  }
}

/** As a file on a disk is read: more of it, as long as that is needed. */
async function growing(file: Uint8Array): Promise<{ facts: DicomFacts; bytes: number }> {
  // The first bytes say whether it is DICOM: that many are always there.
  for (let bytes = 512; ; bytes = Math.ceil(bytes * 1.3)) {
    const facts = await lookAtDicom(file.subarray(0, bytes), file.length);
    if (facts) return { facts, bytes: Math.min(bytes, file.length) };
  }
}

/** What only the pixels tell. */
const ofPixels = ['damaged-compressed-data', 'truncated-pixel-data', 'no-pixel-data'];

test(`from its first bytes a header says what the whole file says (${data ? 'all files' : 'committed files'})`, async () => {
  let early = 0;
  for (const path of files) {
    const file = new Uint8Array(readFileSync(path));
    let bytes = file.length;
    const beginning = await found(async () => {
      const grown = await growing(file);
      bytes = grown.bytes;
      return grown.facts;
    });
    const whole = await found(() => openDicom(file));
    if (typeof whole === 'string' && ofPixels.includes(whole) && typeof beginning !== 'string') continue;
    expect([path, beginning]).toEqual([path, whole]);
    if (bytes < file.length) early += 1;
  }
  expect(early).toBeGreaterThan(files.length / 2);
});

test('frames in fragments are counted in the whole file alone', async () => {
  const file = new Uint8Array(readFileSync(fixture('dicom/mf-jpeg-fragments-no-bot.dcm')));
  expect(await lookAtDicom(file.subarray(0, file.length - 1), file.length)).toBeUndefined();
  expect((await lookAtDicom(file, file.length))!.meta.framesReadable).toBeGreaterThan(1);
});

test('a file that ends in its header is damaged, and one that goes on is not', async () => {
  const file = new Uint8Array(readFileSync(fixture('dicom/ts-implicit-le.dcm'))).subarray(0, 603);
  expect(await lookAtDicom(file, 10_000)).toBeUndefined();
  expect(await found(() => lookAtDicom(file, file.length) as Promise<DicomFacts>)).toBe('truncated-header');
});
