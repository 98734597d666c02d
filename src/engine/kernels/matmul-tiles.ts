import type { Variant } from '../device/device.ts';
import { type CandidateClass, chosenCandidate } from '../device/kernel-choices.ts';

/** What a workgroup of shaders/linear/matmul.wgsl computes at once. */
interface Tile {
  rows: number;
  tokens: number;
  /** Of a step, in vectors of four. */
  fours: number;
  /** Rows and vectors of four tokens of an invocation. */
  laneRows: number;
  laneVectors: number;
}

/**
 * Large tiles read each weight and activation less often, and leave fewer workgroups to share out; of short ones no rows of
 * tokens are computed in vain.
 */
const tiles = {
  'tile-64x64': { rows: 64, tokens: 64, fours: 8, laneRows: 4, laneVectors: 1 },
  'tile-128x64': { rows: 128, tokens: 64, fours: 4, laneRows: 8, laneVectors: 1 },
  'tile-128x128': { rows: 128, tokens: 128, fours: 4, laneRows: 8, laneVectors: 2 },
  'tile-64x32': { rows: 64, tokens: 32, fours: 8, laneRows: 4, laneVectors: 1 },
  'tile-64x16': { rows: 64, tokens: 16, fours: 8, laneRows: 4, laneVectors: 1 },
  'tile-32x16': { rows: 32, tokens: 16, fours: 8, laneRows: 2, laneVectors: 1 },
  'tile-32x32': { rows: 32, tokens: 32, fours: 8, laneRows: 4, laneVectors: 1 },
} satisfies Record<string, Tile>;

export type TileName = keyof typeof tiles;

export function tileOf(name: TileName): Tile {
  return tiles[name];
}

/** The numbers of which the shader's text is made. `gated`: half of the rows leave a tile. */
export function tileCounts(name: TileName, gated: boolean) {
  const { rows, tokens, fours, laneRows, laneVectors } = tiles[name];
  const invocations = (rows / laneRows) * (tokens / (4 * laneVectors));
  const weightRuns = rows * (fours / 4);
  const weightLanes = Math.min(invocations, weightRuns);
  // Where there are invocations left over, they alone copy activations.
  const firstCopying = weightLanes < invocations ? weightLanes : 0;
  return {
    FOUR: 4,
    INVOCATIONS: invocations,
    TILE_ROWS: rows,
    TILE_TOKENS: tokens,
    FOURS: fours,
    // Drivers write the rest out where it pays; all of it takes lavapipe two and a half times as long to compile.
    FOURS_AT_ONCE: 2,
    LANE_ROWS: laneRows,
    LANE_VECTORS: laneVectors,
    OUT_ROWS: gated ? laneRows / 2 : laneRows,
    W_LANES: weightLanes,
    W_EACH: weightRuns / weightLanes,
    X_FIRST: firstCopying,
    X_EACH: (tokens * fours) / (invocations - firstCopying),
    // Eight vectors reach over all banks: so many rows of so many columns lie beside one another before they meet again.
    SWIZZLE_SHIFT: fours < 8 ? Math.log2(8 / fours) : 0,
    SWIZZLE_MASK: Math.min(fours, 8) - 1,
  };
}

/** A tile with the numbers of tokens that it is for, both included. */
export interface TileRange {
  tile: TileName;
  from: number;
  to: number;
  /** Where it was chosen among candidates: of this kind. */
  kind?: string;
}

const largeTiles = ['tile-64x64', 'tile-128x64', 'tile-128x128', 'tile-32x32'] as const;
const shortTiles = ['tile-64x16', 'tile-32x16'] as const;

/** Of the products of a format: whose candidates are chosen together. */
export function tileClasses(kind: string, { gpu, small }: Variant): CandidateClass[] {
  if (!gpu || small) return [];
  return [
    { kind, names: largeTiles },
    { kind: shortKind(kind), names: shortTiles },
  ];
}

const shortKind = (kind: string) => `${kind} up to 16 tokens`;

/**
 * Which tile is for which numbers of tokens. A processor that passes for a GPU gains nothing by short ones, and each is one more
 * kernel to compile.
 * @param from the fewest tokens that there will be
 */
export function tileRanges(
  variant: Variant,
  kind: string,
  size: string | undefined,
  from: number,
): TileRange[] {
  return allRanges(variant, kind, size)
    .filter(({ to }) => to >= from)
    .map(range => ({ ...range, from: Math.max(range.from, from) }));
}

function allRanges(variant: Variant, kind: string, size?: string): TileRange[] {
  const most = Number.POSITIVE_INFINITY;
  if (variant.small) return [{ tile: 'tile-32x32', from: 1, to: most }];
  if (!variant.gpu) return [{ tile: 'tile-64x64', from: 1, to: most }];
  const of = (each: string) => (size === undefined ? { kind: each } : { kind: each, size });
  const large = chosenCandidate(variant.choices, of(kind), largeTiles);
  const short = chosenCandidate(variant.choices, of(shortKind(kind)), shortTiles);
  const ranges: TileRange[] = [
    { tile: short, from: 1, to: 16, kind: shortKind(kind) },
    { tile: 'tile-64x32', from: 17, to: 32 },
  ];
  // Half of a larger tile would be empty.
  if (large !== 'tile-64x64' && large !== 'tile-32x32') ranges.push({ tile: 'tile-64x64', from: 33, to: 64 });
  return [...ranges, { tile: large, from: ranges.at(-1)!.to + 1, to: most, kind }];
}
