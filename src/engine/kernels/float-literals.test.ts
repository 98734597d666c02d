import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const shaders = new URL('../../../shaders/', import.meta.url);
const files = readdirSync(shaders, { recursive: true, encoding: 'utf8' }).filter(name =>
  name.endsWith('.wgsl'),
);

/** Functions of floats that give a whole number, and floats declared as one: `1` where `1.0` is meant. */
function wholeFloats(code: string): string[] {
  const found: string[] = [];
  for (const [, signature, body] of code.matchAll(/^(fn [^{]*-> f(?:32|16)) \{\n(.*?)^\}/gms)) {
    for (const [line] of body!.matchAll(/\breturn -?\d+;/g)) found.push(`${signature}: ${line}`);
  }
  for (const [line] of code.matchAll(/: f(?:32|16) = -?\d+;/g)) found.push(line);
  for (const [line] of code.matchAll(/\b(?:min|max|clamp)\((?:abs|exp|sqrt|f32)\([^()]*\), -?\d+[,)]/g))
    found.push(line);
  return found;
}

// WGSL turns a whole number into a float where one is wanted; naga before 25 (Firefox 140, Deno 2.5) does not in these places.
test('a float is written as one where older compilers want it', () => {
  expect(files.length).toBeGreaterThan(60);
  const found = files.flatMap(name => wholeFloats(readFileSync(new URL(name, shaders), 'utf8')));
  expect(found).toEqual([]);
});

test('which is seen where it is not', () => {
  expect(wholeFloats('fn scale(i: u32) -> f32 {\n  return 1;\n}\n')).toHaveLength(1);
  expect(wholeFloats('fn f(v: f32) -> f32 {\n  let a = min(abs(v), 13);\n  return a;\n}\n')).toHaveLength(1);
  expect(wholeFloats('override x: f32 = 1;')).toHaveLength(1);
  expect(wholeFloats('fn count() -> u32 {\n  return 1;\n}\n')).toEqual([]);
});
