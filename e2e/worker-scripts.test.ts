import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAst } from 'vite';
import { describe, expect, test } from 'vitest';
import compute from '../src/sw/compute-policy.json' with { type: 'json' };
import { dist } from './support/site.ts';

const folders = ['assets', compute.folder];
const scripts = (await Promise.all(folders.map(listScripts))).flat().filter(name => /\.worker-/.test(name));

async function listScripts(folder: string): Promise<string[]> {
  const names = await readdir(join(dist, folder));
  return names.filter(name => name.endsWith('.js')).map(name => join(folder, name));
}

describe('the scripts of workers, in the built site', () => {
  test('there are six', () => {
    const names = scripts.map(path => path.replace(/^.*\/|\.worker-.*$/g, '')).sort();
    expect(names).toEqual(['documents', 'engine', 'library', 'processor-helper', 'quantiser', 'reading']);
  });

  // Firefox holds such an import to `worker-src` of the worker's own policy, which allows none.
  test.each(scripts)('%s begins with no import', async path => {
    const { body } = parseAst(await readFile(join(dist, path), 'utf8'));
    const sources = body.flatMap(node => ('source' in node && node.source ? [node.source.value] : []));
    expect(sources).toEqual([]);
  });
});
