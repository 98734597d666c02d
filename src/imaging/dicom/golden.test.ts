import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  type DicomGoldens,
  dicomGoldens,
  type GoldenFrame,
  type GoldenRecord,
  goldenFile,
  hasSharedGoldens,
  refusedSyntaxes,
} from '../../../test/support/dicom-goldens.ts';
import { BedsideError } from '../../engine/errors.ts';
import { type DicomWarning, isForReader } from '../../engine/types/dicom.ts';
import type { DicomFile, DicomFrame } from './dicom-file.ts';
import { openDicom } from './open-dicom.ts';

test.skipIf(!hasSharedGoldens)(
  'there are more files than those that are committed (needs BEDSIDE_DATA)',
  () => {
    const [committed = 0, ...others] = dicomGoldens.map(({ records }) => records.length);
    expect(others).toHaveLength(2);
    for (const count of others) expect(count).toBeGreaterThan(committed);
  },
);

describe.each(dicomGoldens)('$name files, as pydicom, GDCM and dcmtk read them', collection => {
  test.each(collection.records.map(record => [record.file, record] as const))('%s', async (file, record) => {
    await compare(readFileSync(goldenFile(collection, file)), record, collection);
  });
});

async function compare(bytes: Uint8Array, record: GoldenRecord, collection: DicomGoldens): Promise<void> {
  if (record.status !== 'ok' || refusedSyntaxes.includes(record.file)) {
    const reasons =
      record.status === 'ok'
        ? ['unsupported-transfer-syntax']
        : [record.reason, ...(record.alsoAccept ?? [])];
    expect(reasons).toContain(await refusalOf(bytes));
    return;
  }
  const file = await openDicom(bytes);
  const { patientName, ...identity } = file.identity;
  expect(identity.studyUid === null || identity.studyUid.length > 0).toBe(true);
  if (record.patientName) expect(patientName).toBe(record.patientName);
  const windows = file.meta.windows.map(({ centre: center, ...rest }) => ({ center, ...rest }));
  expect({ ...file.meta, windows }).toMatchObject(record.meta!);
  const warnings = new Set<string>(file.warnings);
  expect(file.meta.framesReadable).toBe(record.frames!.length);
  for (const [index, golden] of record.frames!.entries()) {
    const frame = await file.decodeFrame(index);
    for (const warning of frame.warnings) warnings.add(warning);
    compareFrame(file, frame, golden, record, collection.expected);
  }
  // Of real files it is not recorded what is odd about them as files.
  const counted = [...warnings].filter(
    each => collection.hasQuietWarnings || isForReader(each as DicomWarning),
  );
  if (record.mayWarn)
    counted.splice(counted.indexOf(record.mayWarn), counted.includes(record.mayWarn) ? 1 : 0);
  expect(counted.sort()).toEqual(record.warnings);
}

async function refusalOf(bytes: Uint8Array): Promise<string> {
  try {
    const file = await openDicom(bytes);
    await file.decodeFrame(0);
    return 'read';
  } catch (error) {
    if (error instanceof BedsideError) return error.reason;
    throw error;
  }
}

function compareFrame(
  file: DicomFile,
  frame: DicomFrame,
  golden: GoldenFrame,
  record: GoldenRecord,
  folder: string,
): void {
  const tolerance = record.tolerance?.stored?.maxAbs ?? record.tolerance?.rgb?.maxAbs ?? 0;
  // Where a stream does not say what its colours are the file does, as one of two libraries has it.
  const { alternativeSha256 } = golden.views.default!;
  if (alternativeSha256 && alternativeSha256 === hash(frame.render(null))) return;
  for (const { row, col, stored, modality, rgb } of Object.values(golden.pixels)) {
    const at = (row * file.meta.columns + col) * frame.samples;
    const found = Array.from(frame.stored.subarray(at, at + frame.samples));
    for (const [i, value] of [stored].flat().entries())
      expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(tolerance);
    if (modality !== undefined && tolerance === 0) expect(frame.modalityValue(row, col)).toBe(modality);
    if (rgb && tolerance === 0) {
      const place = (row * file.meta.columns + col) * 3;
      expect(Array.from(frame.render(null).subarray(place, place + 3))).toEqual(rgb);
    }
  }
  if (tolerance === 0) {
    expect(hashStored(frame, golden.stored.of)).toBe(golden.stored.sha256);
    expect(frame.views.map(({ name }) => name).sort()).toEqual(Object.keys(golden.views).sort());
    for (const { name, choice } of frame.views) {
      expect([name, hash(frame.render(choice))]).toEqual([name, golden.views[name]!.sha256]);
    }
  } else compareLossy(frame, golden, record, folder);
}

function compareLossy(frame: DicomFrame, golden: GoldenFrame, record: GoldenRecord, folder: string): void {
  const { maxAbs, meanAbs } =
    (record.storedSpace === 'rgb' && record.tolerance!.rgb) ||
    record.tolerance!.stored ||
    record.tolerance!.rgb!;
  expect(Math.abs(mean(frame.stored) - golden.stored.mean)).toBeLessThanOrEqual(meanAbs!);
  for (const { name, choice } of frame.views) {
    expect(Math.abs(mean(frame.render(choice)) - golden.views[name]!.mean)).toBeLessThan(1);
  }
  if (frame.index > 0 || !record.expected) return;
  const packed = gunzipSync(readFileSync(join(folder, record.expected)));
  const bytes = new Uint8Array(packed);
  const expected = record.expected.includes('.u8.') ? bytes : new Int16Array(bytes.buffer);
  expect(frame.stored.length).toBe(expected.length);
  let [most, sum] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(frame.stored[i]! - expected[i]!);
    if (difference > most) most = difference;
    sum += difference;
  }
  expect(most).toBeLessThanOrEqual(maxAbs);
  expect(sum / expected.length).toBeLessThanOrEqual(meanAbs!);
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Of 32-bit integers, or of floating point numbers as they are, little endian. */
function hashStored({ stored }: DicomFrame, of: string | undefined): string {
  const words = of ? stored : Int32Array.from(stored, value => value | 0);
  return hash(new Uint8Array(words.buffer, words.byteOffset, words.byteLength));
}
