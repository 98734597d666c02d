import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundledModel } from '../../../test/support/data.ts';
import { computeAdapters, openAsGpu, openDevice } from '../../../test/support/gpu.ts';
import { limitMemory } from '../../../test/support/small-device.ts';
import { plainerVariants } from '../device/plainer-variants.ts';
import { bytesSource } from '../formats/byte-source.ts';
import type { WebGpuDevice } from '../gpu/device.ts';
import type { KernelNeeds } from '../kernels/registry/kernel-entry.ts';
import { kernelProblems } from '../kernels/registry/registry.ts';
import { TestBench } from '../kernels/registry/test-bench.ts';
import { loadModel } from '../loading/load-model.ts';
import type { KernelRow } from '../types/device-test.ts';
import { type Precision, precisions } from '../types/precision.ts';
import { reportKernels } from './kernel-report.ts';
import { everyNeed, findMemory, testDevice } from './test-device.ts';

const narrow = { heads: 4, kvHeads: 2, headDim: 32, ropeDimensions: 32 };

/** Without products, which take software adapters seconds each to compile: the loaded model below has some. */
function textNeeds(...caches: Precision[]): KernelNeeds {
  const attention = caches.map(cache => ({ ...narrow, pages: 2, cache }));
  return { text: { types: [], embeddings: [], attention } };
}

function needsOf(...caches: Precision[]): KernelNeeds {
  const { text } = textNeeds(...caches);
  const encoders = [{ heads: 2, headDim: 32, positions: 17 }];
  return { text, vision: { kinds: ['intern-vit', 'siglip'], types: [], encoders, scored: text!.attention } };
}

const namesOf = (rows: readonly KernelRow[]) => [...new Set(rows.map(({ kernel }) => kernel))];

describe.each(computeAdapters)('the kernels of %s', adapter => {
  let device: WebGpuDevice;
  beforeAll(async () => {
    device = await openDevice(adapter);
  });
  afterAll(() => device.destroy());

  it('are all right, each within its bound, and timed', async () => {
    const problems = kernelProblems(adapter === 'lavapipe' ? needsOf(...precisions) : textNeeds('q8'));
    const seen: KernelRow[] = [];
    const steps: number[] = [];
    const { rows } = await reportKernels(device, problems, {
      onRows(news, done, total) {
        seen.push(...news);
        steps.push(done);
        expect(total).toBe(problems.length);
      },
    });
    expect(rows.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
    expect(seen).toEqual(rows);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    for (const row of rows) expect(row.largestError).toBeLessThanOrEqual(row.bound!);
    expect(namesOf(rows)).toEqual(
      expect.arrayContaining(['rms-norm', 'argmax', 'top-k', 'rope', 'attention, one token']),
    );
    const timed = rows.filter(({ kernel }) => /^(rms-norm|top-k|attention)/.test(kernel));
    expect(namesOf(timed.filter(({ ms }) => ms === null))).toEqual([]);
    for (const { ms } of timed) expect(ms).toBeGreaterThan(0);
    expect(rows.find(({ kernel }) => kernel === 'attention, one token')!.GBps).toBeGreaterThan(0);
    expect(device.memory.bytes).toBe(0);
    expect(device.failed).toBe(false);
  });
});

it('has a problem for every format, cache and family', () => {
  const problems = kernelProblems(everyNeed());
  const names = problems.map(({ kernel, form }) => `${kernel} ${form}`).join('\n');
  for (const type of [
    'Q4_0',
    'Q8_0',
    'Q4_K',
    'Q5_K',
    'Q6_K',
    'Q2_K',
    'Q3_K',
    'IQ4_XS',
    'F16',
    'BF16',
    'F32',
  ]) {
    for (const kernel of ['gather', 'matvec', 'matmul']) expect(names).toContain(`${kernel} ${type} `);
    expect(names).toContain(`matmul ${type}, bias`);
  }
  for (const cache of ['32-bit cache', '16-bit cache', '8-bit cache, 16 heads on 8 of 128'])
    expect(names).toContain(cache);
  for (const name of ['layer-norm', 'patches', 'key-scores', 'attention of the image encoder']) {
    expect(names).toContain(name);
  }
});

const [adapter] = computeAdapters;

describe.skipIf(!adapter)(`a test of a device, on ${adapter ?? 'no adapter: install lavapipe'}`, () => {
  let device: WebGpuDevice;
  beforeEach(async () => {
    device = await openDevice(adapter!);
  });
  afterEach(() => device.destroy());

  const elementwise = () => kernelProblems(textNeeds());

  /** A driver that compiles every `from` as if it were `to`. */
  function miscompile(from: string, to: string, isMet = (label: string) => label !== ''): void {
    const { pipelines } = device;
    const get = pipelines.get.bind(pipelines);
    pipelines.get = spec =>
      get(
        isMet(spec.label) && spec.code.includes(from) ? { ...spec, code: spec.code.replace(from, to) } : spec,
      );
  }

  it('finds a wrong kernel, says how far off it is, and tries it in plainer variants', async () => {
    const { variant } = device;
    miscompile('params.epsilon', '0.5', label => label.startsWith('rms-norm'));
    const { rows } = await reportKernels(device, elementwise());
    const wrong = rows.filter(({ outcome }) => outcome === 'wrong');
    expect(namesOf(wrong)).toEqual(['rms-norm, last token', 'rms-norm', 'rms-norm, added']);
    for (const row of wrong) {
      expect(row.largestError).toBeGreaterThan(row.bound!);
      expect(row.ms).toBeNull();
    }
    expect(new Set(wrong.map(({ build }) => build)).size).toBe(1 + plainerVariants(device).length);
    expect(device.variant).toBe(variant);
    expect(rows.some(({ outcome }) => outcome === 'passed')).toBe(true);
  });

  it('finds a product with rows in the places of others', async () => {
    // The first row of each lane becomes the one after it.
    miscompile('min(row + (0 % outputs)', 'min(row + 1 + (0 % outputs)', label => label.startsWith('matvec'));
    const bench = new TestBench(device);
    const needs: KernelNeeds = { text: { types: ['Q8_0'], embeddings: ['Q8_0'], attention: [] } };
    const problems = kernelProblems(needs).filter(({ kernel }) => kernel.endsWith(' Q8_0'));
    for (const problem of problems) await problem.run(bench);
    const checkOf = (name: string) => bench.checks.find(({ kernel }) => kernel === name)!;
    const [matvec, matmul, gather] = ['matvec Q8_0', 'matmul Q8_0', 'gather Q8_0'].map(checkOf);
    expect([matvec!.passed, matmul!.passed, gather!.passed]).toEqual([false, true, true]);
    expect(matvec!.largestError).toBeGreaterThan(100 * matvec!.bound);
    expect(4 * matmul!.largestError).toBeLessThan(matmul!.bound);
  });

  it('reports numbers that are none', async () => {
    const notANumber = 'bitcast<vec4<f32>>(vec4(0x7fc00000u + params.stride4))';
    miscompile('gate[i] = z /', `gate[i] = ${notANumber} * z /`, label => label.startsWith('silu'));
    const { rows } = await reportKernels(device, elementwise());
    expect(rows.find(({ kernel }) => kernel === 'silu-mul')).toMatchObject({
      outcome: 'wrong',
      largestError: null,
    });
    expect(JSON.parse(JSON.stringify(rows))).toEqual(rows);
  });

  it('reports a kernel that the driver refuses, and goes on', async () => {
    miscompile('@compute', '@compte', label => label.startsWith('rms-norm'));
    const problems = kernelProblems(textNeeds('q8'));
    const { rows } = await reportKernels(device, problems);
    const refused = rows.filter(({ outcome }) => outcome === 'not-compiled');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]!.cause).not.toBe('');
    expect(rows.find(({ kernel }) => kernel === 'rope')?.outcome).toBe('passed');
    expect(device.failed).toBe(false);
  });

  it('says where there was no room to try a kernel', async () => {
    const memory = limitMemory(device);
    memory.capacityBytes = 5000;
    const { rows } = await reportKernels(device, elementwise());
    expect(rows.map(({ outcome }) => outcome)).toEqual(elementwise().map(() => 'no-room'));
    expect(memory.liveBytes).toBe(0);
  });

  it('leaves the loaded model as it was, and tests what it uses', async () => {
    const source = bytesSource(readFileSync(bundledModel));
    const model = await loadModel(device, source, { precision: 'q8', contextTokens: 256 });
    const held = device.memory.snapshot();
    const report = await testDevice(device, model.kernels, { scope: 'model', memoryBytes: 2 ** 33 });
    expect(report.memory).toBeNull();
    expect(report.rows.every(({ outcome }) => outcome === 'passed')).toBe(true);
    expect(namesOf(report.rows)).toContain('matvec Q8_0');
    expect(namesOf(report.rows)).not.toContain('matvec F32');
    expect(report.rows.find(({ kernel }) => kernel === 'rope')!.form).toContain('8-bit cache');
    expect(device.memory.snapshot()).toEqual(held);
  });

  it('stops when it is told to, and leaves nothing', async () => {
    const stop = new AbortController();
    const testing = reportKernels(device, kernelProblems(needsOf('q8')), {
      signal: stop.signal,
      onRows: (_, done) => done === 1 && stop.abort(),
    });
    await expect(testing).rejects.toMatchObject({ code: 'aborted' });
    expect(device.memory.bytes).toBe(0);
  });
});

describe.skipIf(!adapter)(`memory of what takes itself for a GPU, on ${adapter ?? 'no adapter'}`, () => {
  it('says how much could be had, what is held included', async () => {
    const device = await openAsGpu(adapter!);
    const memory = limitMemory(device);
    const held = await device.memory.storage('model', 2 ** 20);
    memory.capacityBytes = 200 * 2 ** 20;
    const { wantedBytes, foundBytes } = await findMemory(device, 2 ** 30);
    expect(wantedBytes).toBe(2 ** 30);
    expect(foundBytes).toBeLessThanOrEqual(200 * 2 ** 20);
    expect(foundBytes).toBeGreaterThan(199 * 2 ** 20);
    expect(memory.liveBytes).toBe(held.size);
    memory.capacityBytes = Number.POSITIVE_INFINITY;
    expect(await findMemory(device, 2 ** 20)).toEqual({ wantedBytes: 2 ** 20, foundBytes: 2 ** 20 });
    device.destroy();
  });
});
