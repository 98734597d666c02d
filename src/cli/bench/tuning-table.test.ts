import { expect, test } from 'vitest';
import { formatTuning } from './tuning-table.ts';

test('says what was chosen, what it gains, and what is not used', () => {
  const text = formatTuning({
    state: 'unfinished',
    classes: [
      {
        kind: 'matvec q4_0',
        size: '1x2',
        chosen: 'teams-4',
        default: 'whole',
        why: 'timed',
        chosenUs: 75,
        defaultUs: 100,
        code: 'c',
        at: 0,
      },
    ],
    left: 2,
    bad: [{ kind: 'matvec q4_0', name: 'wide', why: 'wrong', code: 'c' }],
    readGBps: 812.4,
  });
  expect(text.split('\n').slice(2)).toEqual([
    expect.stringMatching(/matvec q4_0 \| +1x2 \| teams-4 +\| 75\.0 \| whole +\| 100 \| 25\.0 % \| timed/),
    '',
    'matvec q4_0: not wide: wrong',
    'Weights can be read at 812 GB/s.',
    'The time was not enough for all. 2 left.',
  ]);
});
