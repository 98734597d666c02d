import subgroupSums from '../../../shaders/lib/subgroup-sums.wgsl?raw';
import memorySums from '../../../shaders/lib/team-sums-memory.wgsl?raw';
import shuffledSums from '../../../shaders/lib/team-sums-shuffled.wgsl?raw';
import spreadSums from '../../../shaders/lib/team-sums-spread.wgsl?raw';
import type { Variant } from '../device/device.ts';
import { unroll } from './unroll.ts';

/** A team of `lanes` invocations computes some rows of a product; a workgroup is so many teams. */
export interface Teams {
  lanes: number;
  teams: number;
}

/** Of a team, unless a test says otherwise: what subgroups of most GPUs have. */
export const teamLanes = 32;

/** Whether a team is in one subgroup, so that it adds up without a barrier. */
export function teamsShuffle(variant: Variant, lanes: number): boolean {
  return spreadOf(variant, lanes) === lanes;
}

/** Neighbours of a team that certainly are in one subgroup; 1 without subgroups. */
function spreadOf({ subgroups, subgroupMinSize = 4 }: Variant, lanes: number): number {
  return subgroups ? Math.min(lanes, subgroupMinSize) : 1;
}

/**
 * Joins a kernel of teams, each of which adds up `sums` vectors at its end, and writes out its loops. `counts` become constants of
 * the shader too.
 */
export function composeTeams(
  parts: readonly string[],
  variant: Variant,
  { lanes, teams }: Teams,
  counts: { SUMS: number } & Record<string, number>,
): string {
  const spread = spreadOf(variant, lanes);
  const shuffled = spread === lanes ? shuffledSums : spreadSums;
  const sums = spread === 1 ? [memorySums] : [subgroupSums, shuffled];
  const all = { TEAM: lanes, TEAMS: teams, SPREAD: spread, ...counts };
  const constants = Object.entries(all).map(([name, value]) => `const ${name}: u32 = ${value};`);
  const rounds = { ...all, STEPS: Math.log2(spread) - 2, PARTIALS: lanes / spread };
  return [
    ...(spread === 1 ? [] : ['enable subgroups;']),
    ...constants,
    unroll([...sums, ...parts].join('\n'), rounds),
  ].join('\n');
}
