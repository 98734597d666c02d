import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDeno } from '../../../../test/support/deno.ts';
import { everyPipeline } from './every-pipeline.ts';

interface Compiled {
  features: string[];
  /** What the compiler said of each kernel, by its name; nothing where all is well. */
  compiled: Record<string, string>;
}

const deno = await openDeno();
const pipelines = everyPipeline();
const { features, compiled } = deno.run ? await compileAll(deno.run) : { features: [], compiled: {} };

/** All at once: the start of the program takes longer than its work. */
async function compileAll(run: (...args: string[]) => Promise<string>): Promise<Compiled> {
  const folder = await mkdtemp(join(tmpdir(), 'bedside-kernels-'));
  try {
    const file = join(folder, 'kernels.json');
    await writeFile(file, JSON.stringify(pipelines.map(({ name, spec }) => ({ name, ...spec }))));
    return JSON.parse(await run('test/support/wgpu/compile-kernels.mjs', file)) as Compiled;
  } finally {
    await rm(folder, { recursive: true });
  }
}

// wgpu compiles with naga, as Firefox does; Dawn's compiler takes things that naga refuses.
describe.skipIf(!deno.run)(`wgpu${deno.why ? ` (skipped: ${deno.why})` : ''}`, () => {
  it('is given all kernels but those for features that its adapter has not', () => {
    const needs = (line: string) => pipelines.filter(({ spec }) => spec.code.includes(line));
    const left = new Set([
      ...(features.includes('subgroups') ? [] : needs('enable subgroups;')),
      ...(features.includes('shader-f16') ? [] : needs('enable f16;')),
    ]);
    const given = pipelines.filter(pipeline => !left.has(pipeline)).map(({ name }) => name);
    expect(given.length).toBeGreaterThan(100);
    expect(Object.keys(compiled).sort()).toEqual(given.sort());
  });

  it.each(Object.entries(compiled))('compiles %s', (_, error) => {
    expect(error).toBe('');
  });
});
