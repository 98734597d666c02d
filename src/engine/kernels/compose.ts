import reduceSubgroup from '../../../shaders/lib/reduce-subgroup.wgsl?raw';
import reduceTree from '../../../shaders/lib/reduce-tree.wgsl?raw';
import type { Variant } from '../device/device.ts';
import type { Precision } from '../types/precision.ts';
import { cacheShaders } from './cache-format.ts';

/**
 * WGSL has no includes; module scope is order-independent, so kernels are joined from files: the `enable` lines first,
 * then what the parts share, then the parts.
 */
export function composeKernel(parts: string[], use: { reduce?: Variant; cache?: Precision } = {}): string {
  const enables: string[] = [];
  const prelude: string[] = [];
  const subgroups = use.reduce?.subgroups ?? false;
  if (use.reduce) {
    if (subgroups) enables.push('enable subgroups;');
    prelude.push(subgroups ? reduceSubgroup : reduceTree);
  }
  if (use.cache) prelude.push(cacheShaders[use.cache].read);
  return [...enables, ...prelude, ...parts].join('\n');
}

/** Splits a one-dimensional grid over two dimensions when it is longer than WebGPU allows. */
export function foldGrid(workgroups: number): [number, number] {
  const rows = Math.ceil(workgroups / 65535);
  return [Math.ceil(workgroups / rows), rows];
}
