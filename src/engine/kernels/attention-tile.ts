import tileShader from '../../../shaders/attention/tile.wgsl?raw';
import type { EngineDevice, Variant } from '../device/device.ts';
import type { Precision } from '../types/precision.ts';
import { composeKernel } from './compose.ts';
import { unroll } from './unroll.ts';

/** How attention to many keys is cut: see shaders/attention/tile.wgsl. */
export interface TileGeometry {
  /** Invocations of a workgroup. */
  lanes: number;
  /** Rows of queries of a workgroup: a multiple of 4. */
  rows: number;
  /** Keys that it takes at once; an invocation takes rows * keys / 4 / lanes of them with 4 rows. */
  keys: number;
  /** Quads of dimensions that are staged at once, and of these how many are written out in a turn of the loop. */
  chunk: number;
  turns: number;
  /** Values that are read before the first is used; divides `keys`. */
  values: number;
}

/** What of a device decides how it is cut. */
export interface TileTarget {
  variant: Variant;
  isSoftware: boolean;
}

export function tileTarget({ variant, report }: EngineDevice): TileTarget {
  return { variant, isSoftware: report.isSoftware };
}

/** For devices that allow few invocations or registers. */
export const smallTile: TileGeometry = { lanes: 128, rows: 16, keys: 32, chunk: 8, turns: 1, values: 4 };

/** WebGPU's default. */
const workgroupBytes = 16384;

/** All constants of the shader, which are sizes and counts of what it unrolls. */
export function tileConstants(geometry: TileGeometry, headDim: number) {
  const { lanes, rows, keys, chunk, turns, values } = geometry;
  const quads = rows / 4;
  const share = lanes / quads;
  const column = rows + keys + 1;
  const groups = Math.floor((4 * lanes) / headDim);
  return {
    LANES: lanes,
    ROWS: rows,
    KEYS: keys,
    D4: headDim / 4,
    CHUNK: chunk,
    TURNS: turns,
    VALUES: values,
    COLUMN: column,
    QUADS: quads,
    SHARE: share,
    HOLD: keys / share,
    QUERY_LOADS: (rows * chunk) / lanes,
    KEY_LOADS: (keys * chunk) / lanes,
    GROUPS: groups,
    HELD: Math.ceil(quads / groups),
    STAGED: Math.max(chunk * column + lanes, keys * quads),
  };
}

/** Bytes of workgroup memory, which every device has to have. */
export function tileBytes(geometry: TileGeometry, headDim: number): number {
  const { STAGED, QUADS } = tileConstants(geometry, headDim);
  return 16 * (STAGED + QUADS);
}

/** Joins the tile with the file that says what it reads. */
export function composeTile(
  part: string,
  geometry: TileGeometry,
  headDim: number,
  use: { cache?: Precision } = {},
): string {
  const counts = tileConstants(geometry, headDim);
  for (const [name, count] of Object.entries(counts)) {
    if (!Number.isInteger(count)) throw new Error(`${name} is ${count}`);
  }
  if (tileBytes(geometry, headDim) > workgroupBytes) throw new Error('The tile does not fit.');
  const constants = Object.entries(counts).map(([name, count]) => `const ${name}: u32 = ${count};`);
  return composeKernel([...constants, part, unroll(tileShader, { ...counts, QUARTERS: 4 })], use);
}
