// Writes the synthetic study that comes with the site: `node scripts/make-sample-study.mjs`. The same bytes each time.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeRunLength, runLengthEncoded, writeDicom } from './dicom-writer.mjs';
import { phantom, phantomSlice, placeOf } from './phantom.mjs';

const root = '2.25.8017340001';

/** A slice as a file. `slice` from 0, at the feet. */
export function sampleSlice(slice) {
  const { columns, rows, spacing } = phantom;
  const values = phantomSlice(slice);
  const text = (tag, vr, value) => ({ tag, vr, value: `${value}` });
  return writeDicom(
    [
      text(0x00080008, 'CS', 'DERIVED\\SECONDARY\\AXIAL'),
      text(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2'),
      text(0x00080018, 'UI', `${root}.3.${slice + 1}`),
      text(0x00080060, 'CS', 'CT'),
      text(0x0008103e, 'LO', 'Synthetic phantom, no patient'),
      text(0x00100010, 'PN', 'Synthetic^Phantom'),
      text(0x00100020, 'LO', 'NONE'),
      text(0x00180050, 'DS', phantom.gap),
      text(0x0020000d, 'UI', `${root}.1`),
      text(0x0020000e, 'UI', `${root}.2`),
      text(0x00200011, 'IS', 1),
      text(0x00200013, 'IS', slice + 1),
      text(0x00200032, 'DS', placeOf(0, 0, slice).join('\\')),
      text(0x00200037, 'DS', '1\\0\\0\\0\\1\\0'),
      text(0x00204000, 'LT', 'Drawn by a program: no patient, no anatomy.'),
      { tag: 0x00280002, vr: 'US', value: 1 },
      text(0x00280004, 'CS', 'MONOCHROME2'),
      { tag: 0x00280010, vr: 'US', value: rows },
      { tag: 0x00280011, vr: 'US', value: columns },
      text(0x00280030, 'DS', `${spacing}\\${spacing}`),
      { tag: 0x00280100, vr: 'US', value: 16 },
      { tag: 0x00280101, vr: 'US', value: 16 },
      { tag: 0x00280102, vr: 'US', value: 15 },
      { tag: 0x00280103, vr: 'US', value: 1 },
      text(0x00280301, 'CS', 'NO'),
      text(0x00281050, 'DS', '40'),
      text(0x00281051, 'DS', '400'),
      text(0x00281052, 'DS', '0'),
      text(0x00281053, 'DS', '1'),
      text(0x00281054, 'LO', 'HU'),
      { tag: 0x7fe00010, vr: 'OB', fragments: [encodeRunLength(values, columns)] },
    ],
    runLengthEncoded,
  );
}

export const sampleNames = Array.from(
  { length: phantom.slices },
  (_, at) => `slice-${`${at + 1}`.padStart(2, '0')}.dcm`,
);

if (process.argv[1] === import.meta.filename) {
  const folder = join(import.meta.dirname, '../public/samples/study');
  mkdirSync(folder, { recursive: true });
  for (const [slice, name] of sampleNames.entries()) writeFileSync(join(folder, name), sampleSlice(slice));
}
