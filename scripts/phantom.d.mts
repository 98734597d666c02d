export const phantom: {
  columns: number;
  rows: number;
  slices: number;
  spacing: number;
  gap: number;
  air: number;
  water: number;
  cylinder: number;
  rods: { name: string; x: number; y: number; radius: number; value: number }[];
  ball: { radius: number; value: number };
  wedge: { y: number; height: number; width: number; from: number; to: number };
};
export function valueAt(x: number, y: number, z: number): number;
export function placeOf(column: number, row: number, slice: number): [x: number, y: number, z: number];
export function phantomSlice(slice: number): Int16Array;
