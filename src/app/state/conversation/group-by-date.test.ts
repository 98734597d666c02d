import { afterEach, expect, test } from 'vitest';
import { createConversation } from '../../../client/index.ts';
import { groupByDate } from './group-by-date.ts';

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

test.each([
  ['the short day in March', '2026-03-30T10:00:00Z', '2026-03-28T22:30:00Z', '2026-03-28T23:30:00Z'],
  ['the long day in October', '2026-10-26T10:00:00Z', '2026-10-24T21:30:00Z', '2026-10-24T22:30:00Z'],
])('yesterday is a whole day where clocks change: %s', (_, now, before, after) => {
  process.env.TZ = 'Europe/Berlin';
  const at = (time: string) => ({ ...createConversation().conversation, updatedAt: Date.parse(time) });
  const groups = groupByDate([at(before), at(after)], Date.parse(now));
  expect(groups.map(({ label }) => label)).toEqual(['Yesterday', 'Last 7 days']);
});
