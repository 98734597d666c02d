import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { computeAdapters, openDevice, openGpu } from '../../../test/support/gpu.ts';
import type { ShaderSource } from '../device/kernel-spec.ts';
import { describeAdapter } from '../gpu/adapter.ts';
import { WebGpuDevice } from '../gpu/device.ts';
import { type AttentionShape, ropeAppendSpec } from '../kernels/attention.ts';
import type { KernelNeeds } from '../kernels/registry/kernel-entry.ts';
import { precompile } from '../loading/precompile.ts';
import type { GgmlTypeName } from '../quant/block-formats.ts';
import { selfTest } from './self-test.ts';

const shape = { heads: 2, headDim: 32, positions: 17 };
const language: AttentionShape = {
  heads: 4,
  kvHeads: 2,
  headDim: 32,
  ropeDimensions: 32,
  pages: 2,
  cache: 'f32',
};

function needs(type: GgmlTypeName, scored: AttentionShape[] = []): KernelNeeds {
  return { vision: { kinds: ['intern-vit'], types: [type], encoders: [shape], scored } };
}

describe.each(computeAdapters)('self-test of the image encoder on %s', adapter => {
  let device: WebGpuDevice;
  beforeAll(async () => {
    device = await openDevice(adapter);
  });
  afterAll(() => device.destroy());

  it('passes, releases what it made, and uses what was compiled ahead and nothing else', async () => {
    // The language model's own: it writes the keys that are scored.
    await device.compile(ropeAppendSpec(language));
    precompile(device, needs('F16', [language]));
    const compiled = device.compiledKernels;
    const { variant } = device;
    await selfTest(device, needs('F16', [language]));
    expect(device.variant).toEqual(variant);
    expect(device.compiledKernels).toBe(compiled);
    expect(device.memory.bytes).toBe(0);
  });

  it('passes with the heads of InternLM2, and without a language model', async () => {
    const internLm2 = { ...language, heads: 16, kvHeads: 8, headDim: 128, ropeDimensions: 128 };
    await selfTest(device, needs('F16', [internLm2]));
    await selfTest(device, needs('F16'));
    expect(device.memory.bytes).toBe(0);
  });

  it('passes with a cache in f16', async () => {
    await selfTest(device, needs('F16', [{ ...language, cache: 'f16' }]));
    expect(device.failed).toBe(false);
  });
});

const [adapter] = computeAdapters;

describe.skipIf(!adapter)(
  `self-test of the image encoder, wrong kernels on ${adapter ?? 'no adapter'}`,
  () => {
    let device: WebGpuDevice;
    beforeEach(async () => {
      device = await openDevice(adapter!);
    });
    afterEach(() => device.destroy());

    /** A driver that compiles every `from` as if it were `to`. */
    function miscompile(from: string, to: string, isWrong: (spec: ShaderSource) => boolean = () => true) {
      const { pipelines } = device;
      const get = pipelines.get.bind(pipelines);
      let met = false;
      pipelines.get = spec => {
        if (!spec.code.includes(from) || !isWrong(spec)) return get(spec);
        met = true;
        return get({ ...spec, code: spec.code.replace(from, to) });
      };
      return () => met;
    }

    it.each([
      ['product + bias[row];', 'product + bias[row + 1];', 'matmul Q8_0, bias)'],
      ['0.5 * (v + abs(v))', '0.5 * v', 'matmul Q8_0, bias and gelu'],
      ['0.109699123', '0.1098', 'matmul Q8_0, bias and gelu'],
      ['y[at] += layer_scale[row]', 'y[at] = layer_scale[row]', 'matmul Q8_0, bias and layer scale'],
      ['let mean = ', 'let mean = 0.001 + ', 'layer-norm'],
      ['(8 * (byte & 3))', '(8 * (3 - (byte & 3)))', 'patches'],
      ['x[at] = value + table', 'x[at] = value - table', 'positions'],
      ['corner % 2', 'corner / 2', 'pixel-shuffle'],
      ['f32 = 1.0 / sqrt', 'f32 = 1.01 / sqrt', 'attention of the image encoder', 'attention-encoder'],
      ['dot(k', '1.01 * dot(k', 'key-scores', 'key-scores f32'],
      [
        'cache_block(pages[position / PAGE]',
        'cache_block((position / PAGE + 0 * pages[0])',
        'key-scores',
        'key-scores f32',
      ],
      ['max(key, block.first_query)', 'key', 'key-scores', 'key-scores f32'],
      ['head / (HEADS / KV_HEADS)', '0u', 'key-scores', 'key-scores f32'],
      ['scores[j] += sum;', 'scores[j] = sum;', 'key-scores', 'key-scores-reduce'],
      ['let first_tile = before', 'let first_tile = 0 * before', 'key-scores', 'key-scores-reduce'],
    ])('%s compiled as %s is noticed', async (from, to, kernel, label?: string) => {
      const isMet = miscompile(from, to, spec => label === undefined || spec.label === label);
      const testing = selfTest(device, needs('Q8_0', [language]));
      await expect(testing).rejects.toMatchObject({
        code: 'self-test-failed',
        message: expect.stringContaining(kernel),
      });
      expect(isMet()).toBe(true);
      expect(device.memory.bytes).toBe(0);
    });

    it('falls back where only the subgroup variant is wrong', async () => {
      if (!device.variant.subgroups) throw new Error('This adapter was chosen because it has subgroups.');
      const isMet = miscompile('subgroupAdd(value)', '2 * subgroupAdd(value)');
      await selfTest(device, needs('F32'));
      expect(isMet()).toBe(true);
      expect(device.variant.subgroups).toBe(false);
    });

    it('falls back where the subgroup variant does not compile', async () => {
      const plain = await (await (await openGpu(adapter!)).requestAdapter())!.requestDevice();
      const without = new WebGpuDevice(plain, await describeAdapter(await openGpu(adapter!)));
      without.variant = { subgroups: true, f16: false };
      await selfTest(without, needs('F32'));
      expect(without.variant.subgroups).toBe(false);
      expect(without.failed).toBe(false);
      without.destroy();
    });
  },
);
