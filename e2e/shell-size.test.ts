import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { dist } from './support/site.ts';

/** The scripts that a page needs before it shows anything: those that it names, and what they import at once. */
function scriptsAtFirst(): Set<string> {
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  const named = [...page.matchAll(/<(?:script|link)\b[^>]*\b(?:src|href)="([^"]+\.js)"/g)];
  const found = new Set<string>();
  const waiting = named.map(([, path]) => join(dist, path!));
  for (let path = waiting.pop(); path; path = waiting.pop()) {
    if (found.has(path) || !existsSync(path)) continue;
    found.add(path);
    const text = readFileSync(path, 'utf8');
    for (const [, other] of text.matchAll(/\b(?:from|import)\s*["'](\.[^"']+\.js)["']/g)) {
      waiting.push(join(dirname(path), other!));
    }
  }
  return found;
}

describe.skipIf(!existsSync(dist))('the scripts of a first visit', () => {
  test('take at most 200 kB compressed', () => {
    const sizes = [...scriptsAtFirst()].map(path => gzipSync(readFileSync(path)).length);
    expect(sizes.length).toBeGreaterThan(0);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(200_000);
  });
});
