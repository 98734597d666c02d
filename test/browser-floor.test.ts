import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findNewNames, ownMembers } from '../scripts/check-browsers.mjs';
import names from '../scripts/new-names.json';
import { browserFloor, webgpuBrowsers } from '../src/engine/browsers.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const newIn = (file: string, text: string) => findNewNames(file, text).map(({ name }) => name);

test('the list of new names was made for the floor', () => {
  expect(names.floor).toEqual({ ...browserFloor, safari: Number(browserFloor.safari) });
});

test.each([
  ['const u = URL.parse(text);', 'URL.parse'],
  ['await Promise.try(run);', 'Promise.try'],
  ['const text = Uint8Array.fromBase64(words);', 'Uint8Array.fromBase64'],
  ['const text = bytes.toBase64();', 'toBase64'],
  ['new URLPattern({ pathname });', 'URLPattern'],
  ['if (window.URLPattern) go();', 'URLPattern'],
  ['const view = document.startViewTransition(change);', 'startViewTransition'],
  ['const sum = Math.sumPrecise(numbers);', 'Math.sumPrecise'],
  ['const safe = RegExp.escape(text);', 'RegExp.escape'],
])('a script: %s', (text, name) => {
  expect(newIn('a.ts', text)).toContain(name);
});

test.each([
  ['a { anchor-name: --x; }', 'anchor-name'],
  ['@position-try --x { top: 0; }', '@position-try'],
  ['a { width: if(media(print): 1px); }', 'if()'],
  ['a { height: calc-size(auto, size); }', 'calc-size()'],
  ['details:open { color: red; }', ':open'],
  ['html {\n  interpolate-size: allow-keywords;\n}', 'interpolate-size'],
])('a stylesheet: %s', (text, name) => {
  expect(newIn('a.css', text)).toContain(name);
});

test('an attribute of an element', () => {
  expect(newIn('a.tsx', 'const x = <div popover="auto" />;')).toContain('popover');
  expect(newIn('a.tsx', 'const x = <Panel popover="auto" />;')).toEqual([]);
});

test('what the floor has, what the sources name themselves and types are let pass', () => {
  const old =
    'URL.canParse(text); AbortSignal.any(signals); structuredClone(x); list.toSorted(); new Set().has(1);';
  expect(newIn('a.ts', old)).toEqual([]);
  expect(newIn('a.css', 'a { color: light-dark(red, blue); & b { inset-inline: 0; } }')).toEqual([]);
  expect(newIn('a.ts', 'import { URLPattern } from "x"; new URLPattern(); type A = URLPattern;')).toEqual([]);
  const text = 'const x = { toBase64() {} }; x.toBase64();';
  expect(findNewNames('a.ts', text, new Set(ownMembers('a.ts', text)))).toEqual([]);
});

test('a name is told with its line', () => {
  expect(findNewNames('a.ts', '// one\n\nURL.parse(text);')).toEqual([{ line: 3, name: 'URL.parse' }]);
});

test('the page, the readme and the notice in an older browser state the floor and where WebGPU is', () => {
  const { chrome, firefox, safari } = browserFloor;
  const floor = `Chrome or Edge ${chrome}, Firefox ${firefox} or Safari ${safari}`;
  expect(read('public/too-old.js')).toContain(floor);
  expect(read('public/too-old.js')).toContain(webgpuBrowsers);
  expect(read('README.md').replace(/\s+/g, ' ')).toContain(floor);
  expect(read('docs/decisions/018-browser-floor.md').replace(/\s+/g, ' ')).toContain(floor);
});

test('what is asked for in an older browser is what the floor stands on', () => {
  const asked = ['URL.canParse', 'AbortSignal.any', 'light-dark(red, red)'];
  for (const each of asked) expect(read('public/too-old.js')).toContain(each);
  // Old syntax, or it could not be read where it is needed.
  expect(read('public/too-old.js')).not.toMatch(/=>|\bconst\b|\blet\b|\?\.|`/);
  const page = read('index.html');
  expect(page.indexOf('too-old.js')).toBeGreaterThan(0);
  expect(page.indexOf('too-old.js')).toBeLessThan(page.indexOf('type="module"'));
});
