import { expect, test } from 'vitest';
import type { ShaderSource } from '../device/kernel-spec.ts';
import { PipelineCache } from './pipelines.ts';

const spec: ShaderSource = { label: 'add', code: 'code', entryPoint: 'main' };

/** A driver that fails as often as it is told to, and counts. */
function makeDriver(failures: { rejects: number; reports: number }) {
  const made = { modules: 0, pipelines: 0 };
  const gpu = {
    pushErrorScope: () => undefined,
    popErrorScope: async () => (failures.reports-- > 0 ? { message: 'the module is invalid' } : null),
    createShaderModule: () => ({ module: ++made.modules }),
    createComputePipelineAsync: async () => {
      made.pipelines++;
      if (failures.rejects-- > 0) throw new Error('out of memory');
      return { pipeline: made.pipelines };
    },
  };
  return { made, cache: new PipelineCache(gpu as unknown as GPUDevice, { hasPackedBytes: true }) };
}

test('each kernel is compiled once, however often and however soon it is asked for', async () => {
  const { made, cache } = makeDriver({ rejects: 0, reports: 0 });
  const [first, second] = await Promise.all([cache.get(spec), cache.get({ ...spec, label: 'another name' })]);
  expect(second).toBe(first);
  expect(await cache.get(spec)).toBe(first);
  await cache.get({ ...spec, constants: { size: 2 } });
  expect(made).toEqual({ modules: 1, pipelines: 2 });
  expect(cache.count).toBe(2);
});

test.each([
  ['rejects', { rejects: 1, reports: 0 }],
  ['reports an error', { rejects: 0, reports: 1 }],
])('a driver that %s once is asked again, from the module on', async (_, failures) => {
  const { made, cache } = makeDriver(failures);
  const failed = Promise.allSettled([cache.get(spec), cache.get(spec)]);
  for (const { status } of await failed) expect(status).toBe('rejected');
  expect(made).toEqual({ modules: 1, pipelines: 1 });
  expect(cache.count).toBe(0);
  await expect(cache.get(spec)).resolves.toBeDefined();
  expect(made).toEqual({ modules: 2, pipelines: 2 });
  expect(cache.count).toBe(1);
});
