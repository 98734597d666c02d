// A phantom that is known by its formula: a cylinder of water with rods of other values, a ball, and a wedge. It is no anatomy.

export const phantom = {
  columns: 128,
  rows: 128,
  slices: 20,
  /** Millimetres. */
  spacing: 1.5,
  gap: 4,
  /** Hounsfield units of what is around it, and of its water. */
  air: -1000,
  water: 0,
  cylinder: 84,
  /** Millimetres from the middle; HU. */
  rods: [
    { name: 'lung', x: -45, y: -30, radius: 15, value: -800 },
    { name: 'fat', x: 45, y: -30, radius: 15, value: -100 },
    { name: 'soft tissue', x: -45, y: 30, radius: 15, value: 50 },
    { name: 'bone', x: 45, y: 30, radius: 15, value: 900 },
  ],
  ball: { radius: 30, value: 200 },
  /** A strip in which values rise from left to right. */
  wedge: { y: 62, height: 12, width: 84, from: -200, to: 200 },
};

/** HU at a place in millimetres from the middle of the phantom: x to the left of the patient, y to the back, z to the head. */
export function valueAt(x, y, z) {
  const { air, water, cylinder, rods, ball, wedge } = phantom;
  if (Math.hypot(x, y) > cylinder) return air;
  if (Math.hypot(x, y, z) <= ball.radius) return ball.value;
  const rod = rods.find(each => Math.hypot(x - each.x, y - each.y) <= each.radius);
  if (rod) return rod.value;
  if (Math.abs(y - wedge.y) <= wedge.height / 2 && Math.abs(x) <= wedge.width / 2) {
    return Math.round(wedge.from + ((x + wedge.width / 2) / wedge.width) * (wedge.to - wedge.from));
  }
  return water;
}

/** Where the centre of a pixel lies. `slice` from 0, at the feet. */
export function placeOf(column, row, slice) {
  const { columns, rows, slices, spacing, gap } = phantom;
  return [
    (column - (columns - 1) / 2) * spacing,
    (row - (rows - 1) / 2) * spacing,
    (slice - (slices - 1) / 2) * gap,
  ];
}

/** HU, row by row. */
export function phantomSlice(slice) {
  const { columns, rows } = phantom;
  return Int16Array.from({ length: columns * rows }, (_, at) =>
    valueAt(...placeOf(at % columns, Math.floor(at / columns), slice)),
  );
}
