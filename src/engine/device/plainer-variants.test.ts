import { describe, expect, it } from 'vitest';
import type { DeviceReport } from '../types/device.ts';
import type { Variant } from './device.ts';
import { needsSmallForms, plainerVariants } from './plainer-variants.ts';

const plainer = (variant: Variant, kind: 'gpu' | 'processor' = 'gpu') =>
  plainerVariants({ variant, report: { kind } as DeviceReport });

const limits = {
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
};

describe('plainerVariants', () => {
  it('takes subgroups away first, then the large forms, then both', () => {
    expect(plainer({ subgroups: true, f16: true, lanes: 8 })).toEqual([
      { subgroups: false, f16: true, lanes: undefined },
      { subgroups: true, f16: true, lanes: 8, small: true },
      { subgroups: false, f16: true, lanes: undefined, small: true },
    ]);
    expect(plainer({ subgroups: false, f16: false })).toEqual([
      { subgroups: false, f16: false, small: true },
    ]);
  });

  it('has none for a processor, whose kernels know no variants', () => {
    expect(plainer({ subgroups: false, f16: false }, 'processor')).toEqual([]);
  });

  it('comes to an end, however often a fallback falls back', () => {
    const depth = (variant: Variant): number => Math.max(0, ...plainer(variant).map(each => 1 + depth(each)));
    expect(depth({ subgroups: true, f16: true, lanes: 4 })).toBe(2);
    expect(plainer({ subgroups: false, f16: true, small: true })).toEqual([]);
  });
});

describe('needsSmallForms', () => {
  it('is of devices that allow less than WebGPU promises', () => {
    expect(needsSmallForms(limits)).toBe(false);
    expect(needsSmallForms({ ...limits, maxComputeInvocationsPerWorkgroup: 128 })).toBe(true);
    expect(needsSmallForms({ ...limits, maxComputeWorkgroupSizeX: 128 })).toBe(true);
  });
});
