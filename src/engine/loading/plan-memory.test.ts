import { beforeAll, describe, expect, it } from 'vitest';
import { syntheticModel } from '../../cli/synthetic/synthetic-model.ts';
import { syntheticVision } from '../../cli/synthetic/synthetic-vision.ts';
import type { MemoryLimits } from '../device/memory.ts';
import { probeSizes } from '../gpu/probe-sizes.ts';
import { layOutWeights, unitBuffers } from '../models/tensors/weight-layout.ts';
import { blockFormatOf, GgmlType, type GgmlTypeName } from '../quant/block-formats.ts';
import { placements } from '../quant/gpu-formats.ts';
import { bytesBeside, mostBytes } from '../types/memory.ts';
import { planLoading } from './load-model.ts';
import type { ModelBuffer } from './model-buffers.ts';
import { largestPiece, planMemory } from './plan-memory.ts';
import { type ModelHeaders, readHeaders } from './read-headers.ts';

const limits = (maxBindingBytes: number, maxBufferBytes = 2 ** 31): MemoryLimits => ({
  maxBufferBytes,
  maxBindingBytes,
});

const buffer = (part: ModelBuffer['part'], bytes: number, boundBytes = bytes): ModelBuffer => ({
  part,
  kind: 'storage',
  name: part,
  label: part,
  bytes,
  boundBytes,
});

describe('the plan of some buffers', () => {
  const buffers = [
    buffer('weights', 3 * 2 ** 20, 2 ** 20),
    buffer('activations', 2 * 2 ** 20),
    buffer('activations', 1000),
    buffer('readback', 40 * 2 ** 20),
  ];

  const asking = { features: 2 ** 20, answers: 1000 };

  it('adds them up by what they are for', () => {
    expect(planMemory(buffers, asking)).toEqual({
      weights: 3 * 2 ** 20,
      cache: 0,
      activations: 2 * 2 ** 20 + 1000,
      visionWeights: 0,
      visionActivations: 0,
      readback: 40 * 2 ** 20,
      total: 45 * 2 ** 20 + 1000,
      upload: 3 * 2 ** 20,
      ...asking,
    });
  });

  it('finds what is largest of what is bound', () => {
    const largest = { part: 'activations', name: 'activations', bytes: 2 * 2 ** 20, limitBytes: 2 ** 27 };
    expect(largestPiece(limits(2 ** 27), buffers)).toEqual(largest);
  });

  it('tries large buffers as they are, all else in pieces', () => {
    const plan = planMemory(buffers, asking);
    const sizes = probeSizes({ buffers, besideBytes: bytesBeside(plan) });
    expect(sizes).toEqual([3 * 2 ** 20, 2 * 2 ** 20, 40 * 2 ** 20, 3 * 2 ** 20 + 1000]);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(mostBytes(plan));
  });

  it('takes the most at once of what is never there at once', () => {
    const most = (features: number, answers: number) => mostBytes(planMemory(buffers, { features, answers }));
    const { total, upload } = planMemory(buffers, { features: 0, answers: 0 });
    expect(most(0, 0)).toBe(total + upload);
    expect(most(upload - 10, 10)).toBe(total + upload);
    expect(most(upload, 10)).toBe(total + upload + 10);
  });
});

describe('the plan of a model', () => {
  let headers: ModelHeaders;
  beforeAll(async () => {
    headers = await readHeaders(syntheticModel('mini-monkey-2b', { layers: 2 }), syntheticVision(1));
  });

  it.each([2 ** 20, 2 ** 22, 2 ** 27, 2 ** 32 - 4])(
    'has every tensor once, bindings of %i bytes',
    binding => {
      const device = limits(binding);
      const { tensors } = headers;
      const together = [['attn_q', 'attn_k', 'attn_v'].map(name => `blk.0.${name}.weight`)];
      const units = layOutWeights(device, tensors.values(), together);
      expect(units.flatMap(unit => unit.tensors.map(({ name }) => name)).sort()).toEqual(
        [...tensors.keys()].sort(),
      );
      const joined = units.filter(unit => unit.tensors.length > 1);
      expect(joined.length).toBe(binding >= 2 ** 22 ? 1 : 0);
      for (const { bytes, boundBytes } of units.flatMap(unit => unitBuffers(device, unit))) {
        expect(boundBytes).toBeLessThanOrEqual(Math.max(binding, 2 ** 20));
        expect(bytes).toBeGreaterThanOrEqual(boundBytes);
      }
    },
  );

  it.each(Object.keys(placements) as GgmlTypeName[])('weighs what the file does: %s', type => {
    const { blockElements, blockBytes } = blockFormatOf(GgmlType[type]);
    const tensors = [...headers.tensors.values()].map(tensor => {
      if (tensor.shape.length === 1) return tensor;
      return { ...tensor, typeName: type, bytes: (tensor.elements / blockElements) * blockBytes };
    });
    const inFile = tensors.reduce((sum, { bytes }) => sum + bytes, 0);
    const options = { precision: 'f16', contextTokens: 64 } as const;
    const { plan } = planLoading(limits(2 ** 31), headers.config, tensors, options, undefined);
    expect(Math.abs(plan.memory.weights / inFile - 1)).toBeLessThan(0.02);
  });

  it('is the sum of its buffers, the image half included', () => {
    const device = limits(2 ** 27);
    const { config, tensors, visionFile } = headers;
    const options = { precision: 'q8', contextTokens: 1024 } as const;
    const { plan, buffers } = planLoading(device, config, [...tensors.values()], options, visionFile);
    expect(buffers.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(plan.memory.total);
    for (const part of ['cache', 'visionWeights', 'visionActivations', 'readback'] as const) {
      expect(plan.memory[part]).toBeGreaterThan(0);
    }
    expect(buffers.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['x', 'gate', 'logits', 'keys of layer 1', 'vision mlp', 'key score partials']),
    );
  });
});
