/** Direction cosines of an image's rows and columns in the patient (DICOM PS3.3 C.7.6.2.1.1): x left, y posterior, z head. */
export type ImageOrientation = readonly [
  rowX: number,
  rowY: number,
  rowZ: number,
  columnX: number,
  columnY: number,
  columnZ: number,
];

export type Vector = readonly [x: number, y: number, z: number];

export const rowDirection = ([x, y, z]: ImageOrientation): Vector => [x, y, z];
export const columnDirection = ([, , , x, y, z]: ImageOrientation): Vector => [x, y, z];

/** Across the image, by the right-hand rule. */
export function normalOf(orientation: ImageOrientation): Vector {
  const [ax, ay, az] = rowDirection(orientation);
  const [bx, by, bz] = columnDirection(orientation);
  return [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
}

export function dot([ax, ay, az]: Vector, [bx, by, bz]: Vector): number {
  return ax * bx + ay * by + az * bz;
}

const letters = [
  ['L', 'R'],
  ['P', 'A'],
  ['H', 'F'],
] as const;
/** A share below which a direction is not worth a letter: under five degrees. */
const leastShare = 0.09;

/** Where a direction leads in the patient, the strongest part first, as in "LPH". */
export function directionLetters(direction: Vector): string {
  return direction
    .map((share, axis) => ({ size: Math.abs(share), letter: letters[axis]![share > 0 ? 0 : 1] }))
    .filter(({ size }) => size >= leastShare)
    .sort((a, b) => b.size - a.size)
    .map(({ letter }) => letter)
    .join('');
}

export interface EdgeLetters {
  left: string;
  top: string;
  right: string;
  bottom: string;
}

/** What lies at each edge of the image as it is shown: turned clockwise by quarters, then flipped left to right. */
export function edgeLetters(
  orientation: ImageOrientation,
  { turns, isFlipped }: { turns: number; isFlipped: boolean },
): EdgeLetters {
  const row = rowDirection(orientation);
  const column = columnDirection(orientation);
  // Clockwise from the right edge. A quarter turn clockwise brings what was at the right to the bottom.
  const stored = [row, column, opposite(row), opposite(column)].map(directionLetters);
  const [right, bottom, left, top] = stored.map((_, edge) => stored[(edge - turns + 4) % 4]!);
  return {
    top: top!,
    bottom: bottom!,
    left: isFlipped ? right! : left!,
    right: isFlipped ? left! : right!,
  };
}

function opposite([x, y, z]: Vector): Vector {
  return [-x, -y, -z];
}

/** "Axial", "coronal" or "sagittal", by what the image lies across; oblique ones by what they are nearest to. */
export function planeName(orientation: ImageOrientation): string {
  const [x, y, z] = normalOf(orientation).map(Math.abs) as unknown as Vector;
  const name = z >= x && z >= y ? 'Axial' : y >= x ? 'Coronal' : 'Sagittal';
  return Math.max(x, y, z) > 0.98 ? name : `${name}, oblique`;
}
