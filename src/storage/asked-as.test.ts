import { expect, test } from 'vitest';
import { type AskedAsByFile, readAskedAs, withAskedAs } from './asked-as.ts';

test('what was chosen for a file is read, and of each field what cannot be is left out', () => {
  const stored = {
    a: { template: 'chatml', system: 'Be brief.' },
    b: { template: 'file' },
    c: { template: 'no such', system: '' },
    d: { template: 5 },
    e: 'chatml',
  };
  expect(readAskedAs(stored)).toEqual({
    a: { template: 'chatml', system: 'Be brief.' },
    b: { template: 'file' },
    c: { system: '' },
  });
});

test.each([undefined, null, 'text', 5, []])('of %j nothing is read', stored => {
  expect(readAskedAs(stored)).toEqual({});
});

test('a choice takes the place of the one before it, and nothing chosen is nothing kept', () => {
  const all = { a: { template: 'chatml' }, b: { system: 'x' } } satisfies AskedAsByFile;
  expect(withAskedAs(all, 'a', { template: 'raw' })).toEqual({ b: { system: 'x' }, a: { template: 'raw' } });
  expect(withAskedAs(all, 'a', {})).toEqual({ b: { system: 'x' } });
});

test('what was chosen longest ago is forgotten at last', () => {
  let all: AskedAsByFile = {};
  for (let i = 0; i < 250; i++) all = withAskedAs(all, `file:${i}`, { system: String(i) });
  expect(Object.keys(all)).toHaveLength(200);
  expect(all).toHaveProperty(['file:249']);
  expect(all).not.toHaveProperty(['file:49']);
});
