// What the header of a synthetic axial slice of CT says, for files that `dicom-writer.mjs` writes.

const text = (tag, vr, value) => ({ tag, vr, value: `${value}` });

/**
 * All elements but the pixels, which come last.
 * @param {{ root: string, frameOfReference?: string, description: string, slice: number, gap: number, position: readonly number[],
 *   rows: number, columns: number, spacing: number }} what `slice` from 0; `position` of the centre of its first pixel, and lengths, in
 *   millimetres; `root`: what the study's identifiers begin with
 */
export function ctElements(what) {
  const { root, frameOfReference, description, slice, gap, position, rows, columns, spacing } = what;
  return [
    text(0x00080008, 'CS', 'DERIVED\\SECONDARY\\AXIAL'),
    text(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2'),
    text(0x00080018, 'UI', `${root}.3.${slice + 1}`),
    text(0x00080060, 'CS', 'CT'),
    text(0x0008103e, 'LO', description),
    text(0x00100010, 'PN', 'Synthetic^Phantom'),
    text(0x00100020, 'LO', 'NONE'),
    text(0x00180050, 'DS', gap),
    text(0x0020000d, 'UI', `${root}.1`),
    text(0x0020000e, 'UI', `${root}.2`),
    text(0x00200011, 'IS', 1),
    text(0x00200013, 'IS', slice + 1),
    text(0x00200032, 'DS', position.join('\\')),
    text(0x00200037, 'DS', '1\\0\\0\\0\\1\\0'),
    ...(frameOfReference ? [text(0x00200052, 'UI', frameOfReference)] : []),
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
  ];
}
