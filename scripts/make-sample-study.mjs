// Writes the synthetic study that comes with the site: `node scripts/make-sample-study.mjs`. The same bytes each time.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ctElements } from './ct-slice.mjs';
import { encodeRunLength, runLengthEncoded, writeDicom } from './dicom-writer.mjs';
import { phantom, phantomSlice, placeOf } from './phantom.mjs';

const root = '2.25.8017340001';

/** A slice as a file. `slice` from 0, at the feet. */
export function sampleSlice(slice) {
  const { columns, rows, spacing, gap } = phantom;
  const values = phantomSlice(slice);
  return writeDicom(
    [
      ...ctElements({
        root,
        description: 'Synthetic phantom, no patient',
        slice,
        gap,
        position: placeOf(0, 0, slice),
        rows,
        columns,
        spacing,
      }),
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
