// A large synthetic study on the disk, for tests and measurements: slices of 512 x 512 with 16 bits, spread over nested folders.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ctElements } from './ct-slice.mjs';
import { writeDicom } from './dicom-writer.mjs';

const side = 512;
/** So many pixels of the first row say which slice it is: white for one, black for nought, the lowest bit first. */
export const numberBits = 10;
const sliceAFolder = 100;

/**
 * Writes `count` slices from the feet to the head, and a file that is no image beside them.
 * @param {string} folder that is there
 */
export function writeLargeStudy(folder, count = 600) {
  const values = Int16Array.from({ length: side * side }, (_, at) =>
    texture(at % side, Math.floor(at / side)),
  );
  writeFileSync(join(folder, 'README.TXT'), 'Drawn by a program.');
  for (let slice = 0; slice < count; slice++) {
    const inside = join(folder, 'CT', `S${Math.floor(slice / sliceAFolder)}`);
    if (slice % sliceAFolder === 0) mkdirSync(inside, { recursive: true });
    for (let bit = 0; bit < numberBits; bit++) values[bit] = (slice >> bit) & 1 ? 1000 : -1000;
    const elements = ctElements({
      root: '2.25.8017340009',
      description: 'Large phantom',
      slice,
      gap: 1,
      position: [-256, -256, slice],
      rows: side,
      columns: side,
      spacing: 1,
    });
    const pixels = { tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(values.buffer) };
    writeFileSync(join(inside, `IM${slice}`), writeDicom([...elements, pixels]));
  }
}

/** HU: rings, with the low bits of noise that a scanner has. */
function texture(x, y) {
  const distance = Math.hypot(x - side / 2, y - side / 2);
  if (distance > side / 2) return -1000;
  return Math.round(150 * Math.cos(distance / 9)) + (((x * 7919 + y * 104_729) >> 3) & 31);
}
