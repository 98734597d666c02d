import type { ModelTuning, TunedClass } from '../../engine/types/tuning.ts';
import { formatNumber, formatPercent, formatTable } from '../output/table.ts';

const states: Readonly<Record<ModelTuning['state'], string>> = {
  'nothing-to-choose': 'This device has one form of each kernel: nothing to choose.',
  defaults: 'The defaults are in use.',
  'coarse-clock': 'Waits on this device take too long to tell launches apart.',
  stopped: 'Stopped.',
  unfinished: 'The time was not enough for all.',
  finished: 'All were compared.',
};

function rowOf({ kind, size, chosen, default: usual, why, chosenUs, defaultUs }: TunedClass): string[] {
  const isTimed = why === 'timed' || why === 'at-limit';
  const us = (value: number) => (isTimed ? formatNumber(value) : '-');
  const gain = isTimed ? formatPercent(1 - chosenUs / defaultUs) : '-';
  return [kind, size ?? '', chosen, us(chosenUs), usual, us(defaultUs), gain, why];
}

/** What was chosen, for a terminal. */
export function formatTuning({ state, classes, left, bad, readGBps }: ModelTuning): string {
  const headers = ['kernel', 'size', 'chosen', 'us', 'default', 'us', 'gain', 'why'];
  return [
    ...(classes.length > 0 ? [formatTable(headers, classes.map(rowOf)), ''] : []),
    ...bad.map(({ kind, name, why }) => `${kind}: not ${name}: ${why}`),
    ...(readGBps === null ? [] : [`Weights can be read at ${formatNumber(readGBps)} GB/s.`]),
    `${states[state]}${left > 0 ? ` ${left} left.` : ''}`,
  ].join('\n');
}
