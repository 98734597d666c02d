import type { KernelRow } from '../../client/index.ts';

export const groupWords: Readonly<Record<KernelRow['group'], string>> = {
  products: 'Products with weights',
  language: 'Norms, activations and the choice of a token',
  attention: 'Attention and positions',
  vision: 'Image encoder',
};

export const outcomeWords: Readonly<Record<KernelRow['outcome'], string>> = {
  passed: 'right',
  wrong: 'wrong',
  'not-compiled': 'refused by the driver',
  'no-room': 'no memory left to try it',
};

/** A row's figures in words; empty where there is none. */
export function figures({ largestError, bound, ms, GBps, gflops, outcome }: KernelRow): {
  error: string;
  bound: string;
  time: string;
  speed: string;
} {
  const isCompared = outcome === 'passed' || outcome === 'wrong';
  return {
    error: !isCompared ? '' : largestError === null ? 'not a number' : scientific(largestError),
    bound: bound === null ? '' : scientific(bound),
    time: ms === null ? '' : `${rounded(ms)} ms`,
    speed: GBps !== null ? `${rounded(GBps)} GB/s` : gflops !== null ? `${rounded(gflops)} GFLOP/s` : '',
  };
}

function scientific(value: number): string {
  return value === 0 || Number.isInteger(value) ? String(value) : value.toExponential(1);
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(2);
}

/** E.g. "all 12 right", "10 of 12 right". */
export function countInWords(rows: readonly KernelRow[]): string {
  const right = rows.filter(({ outcome }) => outcome === 'passed').length;
  return right === rows.length ? `all ${rows.length} right` : `${right} of ${rows.length} right`;
}

/** E.g. "for a processor", "with subgroups and without subgroups". */
export function buildsInWords(rows: readonly KernelRow[]): string {
  return [...new Set(rows.map(({ build }) => build))].join(' and ');
}
