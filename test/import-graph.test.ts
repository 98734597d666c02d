import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import {
  byFolder,
  findArrowsBack,
  findCircles,
  importedPaths,
  readImports,
} from '../scripts/import-graph.mjs';

let folder = '';

afterEach(() => {
  if (folder) rmSync(folder, { recursive: true });
  folder = '';
});

/** A folder of scripts, by path. */
function write(files: Record<string, string>): string {
  folder = mkdtempSync(join(tmpdir(), 'imports-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const graphOf = (edges: Record<string, string[]>) =>
  new Map(Object.entries(edges).map(([file, used]) => [file, new Set(used)]));

test('finds what a script imports, types, re-exports and what is loaded later included', () => {
  const text = `
    import { a } from './a.ts';
    import type { B } from '../b.ts';
    import './effect.ts';
    export * from './all.ts';
    export { c } from './c.tsx';
    import { useState } from 'react';
    const later = () => import('./later.ts');
    type D = import('./d.ts').D;
    const text = "import './not.ts'";
  `;
  expect(importedPaths('x.ts', text).sort()).toEqual(
    ['../b.ts', './a.ts', './all.ts', './c.tsx', './d.ts', './effect.ts', './later.ts'].sort(),
  );
});

test('reads scripts below a folder, without tests and what is made for them', () => {
  const graph = readImports(
    write({
      'main.ts': "import './rooms/one.ts'; import 'react'; import './rooms/one.css';",
      'rooms/one.ts': "import { two } from '../other/two.tsx';",
      'other/two.tsx': '',
      'rooms/one.test.ts': "import '../main.ts';",
      'rooms/one.bench.ts': "import '../main.ts';",
      'testing/fakes.ts': "import '../main.ts';",
      'rooms/one.css': '',
    }),
  );
  expect([...graph]).toEqual([
    ['main.ts', new Set(['rooms/one.ts'])],
    ['other/two.tsx', new Set()],
    ['rooms/one.ts', new Set(['other/two.tsx'])],
  ]);
  expect([...byFolder(graph)]).toEqual([
    ['.', new Set(['rooms'])],
    ['other', new Set()],
    ['rooms', new Set(['other'])],
  ]);
});

test('finds every circle, however long, and none where there is none', () => {
  expect(findCircles(graphOf({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }))).toEqual([]);
  const circles = findCircles(graphOf({ a: ['b'], b: ['c'], c: ['a', 'd'], d: ['e'], e: ['d'], f: ['a'] }));
  expect(circles.sort()).toEqual([
    ['a', 'b', 'c'],
    ['d', 'e'],
  ]);
});

test('an import goes down by the order, never up, nor to a neighbour of the same height', () => {
  const graph = graphOf({
    'low/a.ts': [],
    'left/b.ts': ['low/a.ts'],
    'right/c.ts': ['low/a.ts', 'left/b.ts'],
    'top/d.ts': ['left/b.ts', 'right/c.ts'],
  });
  expect(findArrowsBack(graph, [['low'], ['left'], ['right'], ['top']])).toEqual([]);
  expect(findArrowsBack(graph, [['low'], ['left', 'right'], ['top']])).toEqual([
    'right uses left, which is not below it: right/c.ts',
  ]);
  expect(findArrowsBack(graph, [['low'], ['right'], ['left'], ['top']])).toEqual([
    'right uses left, which is not below it: right/c.ts',
  ]);
  expect(findArrowsBack(graph, [['low'], ['left'], ['right']])).toEqual([
    'top has no place in scripts/rooms.json',
  ]);
});

test('a folder that is gone has no place in the order any more', () => {
  expect(findArrowsBack(graphOf({ 'low/a.ts': [] }), [['low'], ['gone']])).toEqual([
    'gone is in scripts/rooms.json and holds no script',
  ]);
});
