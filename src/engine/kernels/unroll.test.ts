import { expect, it } from 'vitest';
import { composeUnrolled, unroll } from './unroll.ts';

const nested = `a
//@ for r in ROWS
let row_{r} = {r};
  //@ for l in LANES
  sum_{r}_{l} += f({r}, {l});
  //@ end
//@ end
z {}`;

it('repeats the lines of a loop with its index, and loops within loops', () => {
  expect(unroll(nested, { ROWS: 2, LANES: 2 }).replace(/^ +/gm, '').split('\n')).toEqual([
    'a',
    'let row_0 = 0;',
    'sum_0_0 += f(0, 0);',
    'sum_0_1 += f(0, 1);',
    'let row_1 = 1;',
    'sum_1_0 += f(1, 0);',
    'sum_1_1 += f(1, 1);',
    'z {}',
  ]);
});

it('leaves a loop of no rounds out', () => {
  expect(unroll(nested, { ROWS: 0, LANES: 4 })).toBe('a\nz {}');
});

it.each([
  ['//@ for r in ROWS\na', /no end/],
  ['//@ for r in COLUMNS\na\n//@ end', /COLUMNS is not counted/],
])('refuses a loop that it cannot unroll', (shader, message) => {
  expect(() => unroll(shader, { ROWS: 2 })).toThrow(message);
});

it('tells the shader the counts', () => {
  const code = composeUnrolled(['fn f() {}'], { LANES: 8, ROWS: 2 });
  expect(code).toContain('const LANES: u32 = 8;\nconst ROWS: u32 = 2;\n');
  expect(code.startsWith('enable subgroups;\n')).toBe(true);
});
