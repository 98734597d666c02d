import type { Variant } from '../device/device.ts';
import { chosenCandidate, type LaunchClass } from '../device/kernel-choices.ts';
import type { GpuFormat } from '../quant/gpu-formats.ts';
import { formatParts } from './linear-formats.ts';
import { type Teams, teamLanes, teamsShuffle } from './teams.ts';

/** How a GPU's workgroup computes rows of a product. */
interface Shape {
  teams: number;
  /** Of a team, where not as many as others have. */
  lanes?: number;
  /** What a lane takes at a time: a unit of the format, or a quarter of one (shaders/linear/teams/by-*.wgsl). */
  walk: 'units' | 'parts';
}

const shapes = {
  'teams-1': { teams: 1, walk: 'units' },
  'teams-2': { teams: 2, walk: 'units' },
  'teams-4': { teams: 4, walk: 'units' },
  'teams-8': { teams: 8, walk: 'units' },
  /** For few long rows: more workgroups, each of which has less to walk. */
  wide: { teams: 1, lanes: 128, walk: 'units' },
  'quarter-blocks-1': { teams: 1, walk: 'parts' },
  'quarter-blocks-2': { teams: 2, walk: 'parts' },
  'quarter-blocks-4': { teams: 4, walk: 'parts' },
} satisfies Record<string, Shape>;

type CandidateName = keyof typeof shapes;

/** What tells products apart whose shapes are chosen one by one. */
export interface ProductKind {
  normed?: boolean;
  gated?: boolean;
  epilogue: 'store' | 'add' | 'add-norm';
}

/** E.g. `matvec q4_0 gated`. */
export function matvecKind(format: GpuFormat, { normed, gated, epilogue }: ProductKind): string {
  const form = gated
    ? ['gated']
    : [...(epilogue === 'store' ? [] : [epilogue]), ...(normed ? ['normed'] : [])];
  return ['matvec', format.name, ...form].join(' ');
}

/**
 * The default first: teams that add up without a barrier may be more in a workgroup, and blocks of 256 weights need more
 * registers by units than some GPUs have.
 */
export function matvecCandidates(
  format: GpuFormat,
  variant: Variant,
): readonly [CandidateName, ...CandidateName[]] {
  // A processor's own kernels leave a partial sum of each four rows, and it has nothing to choose.
  if (!variant.gpu) return ['teams-1'];
  const byParts = formatParts[format.name].weights === 16;
  if (teamsShuffle(variant, variant.team ?? teamLanes)) {
    if (byParts) {
      return [
        'quarter-blocks-2',
        'quarter-blocks-1',
        'quarter-blocks-4',
        'teams-1',
        'teams-2',
        'teams-4',
        'wide',
      ];
    }
    // Eight teams are more invocations than devices with low limits allow.
    const many: CandidateName[] = variant.small ? [] : ['teams-8'];
    return ['teams-2', 'teams-1', 'teams-4', ...many, 'wide', 'quarter-blocks-2', 'quarter-blocks-4'];
  }
  return byParts
    ? ['quarter-blocks-1', 'quarter-blocks-2', 'teams-1', 'teams-4']
    : ['teams-1', 'teams-2', 'teams-4', 'quarter-blocks-1', 'quarter-blocks-2'];
}

/** The shape of a class, chosen or by default. `vectors`: rows of a team, by four. */
export interface TeamShape extends Teams {
  walk: Shape['walk'];
  vectors: 1 | 2;
}

export function matvecShape(format: GpuFormat, variant: Variant, of: LaunchClass): TeamShape {
  const shape: Shape = shapes[chosenCandidate(variant.choices, of, matvecCandidates(format, variant))];
  const { teams, walk, lanes = variant.team ?? teamLanes } = shape;
  const vectors = walk === 'parts' ? 2 : 1;
  // Each row is finished by a lane of its own.
  return { teams, walk, vectors, lanes: Math.max(lanes, 4 * vectors) };
}
