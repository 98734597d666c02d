import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledModel, fixture, readJson } from '../../test/support/data.ts';
import { openDeno } from '../../test/support/deno.ts';

const deno = await openDeno();

const { cases } = readJson<{ cases: { question: string; text: string }[] }>(
  fixture('golden/golden-nano-chat-q8_0.json'),
);

// The bundled command line as it is, with the WebGPU of wgpu in the place of Dawn's.
describe.skipIf('why' in deno)(
  `the command line on wgpu${'why' in deno ? ` (skipped: ${deno.why})` : ''}`,
  () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'bedside-cli-'));
      await build({
        configFile: 'vite.cli.config.ts',
        logLevel: 'error',
        build: { outDir: folder, emptyOutDir: false },
      });
      const shim = resolve('test/support/wgpu/webgpu.mjs');
      await writeFile(join(folder, 'imports.json'), JSON.stringify({ imports: { webgpu: shim } }));
    });
    afterAll(() => rm(folder, { recursive: true }));

    it('answers as the reference does', async () => {
      const { question, text } = cases[0]!;
      const imports = `--import-map=${join(folder, 'imports.json')}`;
      const options = [
        '--prompt',
        question,
        '--temperature',
        '0',
        '--precision',
        'f32',
        '--adapter',
        'lavapipe',
        '--json',
      ];
      const printed = await deno.run!(imports, join(folder, 'cli.mjs'), 'generate', bundledModel, ...options);
      expect(JSON.parse(printed)).toMatchObject({ text, stopReason: 'end' });
    });
  },
);
