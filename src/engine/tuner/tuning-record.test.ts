import { expect, test } from 'vitest';
import type { TunedClass, TunedDevice } from '../types/tuning.ts';
import { choicesOf, isBad, recordFor, withBad, withClass, withoutOldCode } from './tuning-record.ts';

const device: TunedDevice = {
  vendor: 'v',
  architecture: 'a',
  description: 'd',
  subgroupSizes: [32, 32],
  features: ['f16', 'subgroups'],
  maxSharedBytes: 1,
  browser: 'Chrome 142',
};
const tuned = (kind: string, chosen: string, code = 'now'): TunedClass => ({
  kind,
  size: '1x2',
  chosen,
  default: 'usual',
  why: 'timed',
  chosenUs: 1,
  defaultUs: 2,
  code,
  at: 0,
});
const empty = recordFor(device, undefined);
const whole = {
  ...withClass(withClass(empty, tuned('one', 'fast')), tuned('two', 'usual')),
  finished: ['model'],
};

test('a record is of one device, browser and set of features', () => {
  expect(recordFor(device, whole)).toBe(whole);
  expect(recordFor({ ...device }, JSON.parse(JSON.stringify(whole)))).toEqual(whole);
  for (const change of [
    { browser: 'Chrome 143' },
    { vendor: 'w' },
    { architecture: 'b' },
    { description: '' },
    { features: ['f16'] },
    { subgroupSizes: [] },
    { maxSharedBytes: 2 },
  ]) {
    expect(recordFor({ ...device, ...change }, whole).classes).toEqual([]);
  }
});

test('what was found of code that has changed is gone, and the rest stays', () => {
  const codes = new Map([
    ['one', 'now'],
    ['two', 'later'],
  ]);
  const left = withoutOldCode(withBad(whole, { kind: 'two', name: 'x', why: 'wrong', code: 'now' }), codes);
  expect(left.classes.map(({ kind }) => kind)).toEqual(['one']);
  expect([left.bad, left.finished]).toEqual([[], []]);
  // Of kernels that this model does not have nothing is known.
  expect(withoutOldCode(whole, new Map())).toEqual(whole);
});

test('a candidate that proved bad is in use nowhere, and its classes are open again', () => {
  const left = withBad(whole, { kind: 'one', name: 'fast', why: 'lost-device', code: 'now' });
  expect(choicesOf(left.classes)).toEqual({ 'two 1x2': 'usual' });
  expect(left.finished).toEqual([]);
  expect(isBad(left, 'one', 'fast')).toBe(true);
  expect(isBad(left, 'two', 'fast')).toBe(false);
});

test('a class is there once', () => {
  expect(withClass(whole, tuned('one', 'usual')).classes.filter(({ kind }) => kind === 'one')).toMatchObject([
    { chosen: 'usual' },
  ]);
});
