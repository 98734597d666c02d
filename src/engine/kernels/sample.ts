import argmaxShader from '../../../shaders/sample/argmax.wgsl?raw';
import topKShader from '../../../shaders/sample/top-k.wgsl?raw';
import type { EngineDevice } from '../device/device.ts';
import type { Dispatch } from '../device/dispatch.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { type Allocated, arrayShape } from './buffer-shape.ts';

/** Candidates that top-k keeps on the GPU; a larger k reads all logits back. */
export const candidateCount = 128;
const sortedAtOnce = 1024;

/** What argmax and top-k write for a logit that is not finite. */
export const brokenId = 0xffffffff;

export function argmaxSpec(): KernelSpec {
  return { kernel: 'argmax', form: {}, label: 'argmax', code: argmaxShader, entryPoint: 'argmax' };
}

/** ids[0] = result[0] = index of the largest of `count` logits; result[1] its bits. */
export async function createArgmax(
  device: EngineDevice,
  logits: DeviceBuffer,
  ids: DeviceBuffer,
  result: DeviceBuffer,
  count: number,
): Promise<Dispatch> {
  const params = await device.memory.uniform('argmax', new Uint32Array([count]));
  return device.createDispatch(argmaxSpec(), { 0: params, 1: logits, 2: ids, 3: result }, [1]);
}

export function topKSpec(entryPoint: 'from_logits' | 'from_candidates'): KernelSpec {
  const source = entryPoint === 'from_logits' ? 'logits' : 'candidates';
  return {
    kernel: 'top-k',
    form: { source, count: candidateCount, sortedAtOnce },
    label: `top-k ${entryPoint}`,
    code: topKShader,
    entryPoint,
    constants: { K: candidateCount },
  };
}

/** What is left of `count` logits after a pass and after the next: [ceil(count / 1024), candidateCount, 2] u32. */
export function topKShapes(count: number) {
  const candidates = arrayShape('top-k candidates', Math.ceil(count / sortedAtOnce) * candidateCount * 2);
  return { source: candidates, target: candidates };
}

/**
 * The `candidateCount` largest logits in descending order: [candidateCount] (logit bits u32, id u32) at the start of
 * the returned buffer, one of `buffers`.
 */
export async function createTopK(
  device: EngineDevice,
  logits: DeviceBuffer,
  count: number,
  buffers: Allocated<ReturnType<typeof topKShapes>>,
): Promise<{ dispatches: Dispatch[]; candidates: DeviceBuffer }> {
  let workgroups = Math.ceil(count / sortedAtOnce);
  let { source, target } = buffers;
  const params = await device.memory.uniform('top-k', new Uint32Array([count]));
  const dispatches = [
    await device.createDispatch(topKSpec('from_logits'), { 0: params, 1: logits, 3: source }, [workgroups]),
  ];
  while (workgroups > 1) {
    const left = workgroups * candidateCount;
    workgroups = Math.ceil(left / sortedAtOnce);
    const pass = await device.memory.uniform('top-k', new Uint32Array([left]));
    dispatches.push(
      await device.createDispatch(topKSpec('from_candidates'), { 0: pass, 2: source, 3: target }, [
        workgroups,
      ]),
    );
    [source, target] = [target, source];
  }
  return { dispatches, candidates: source };
}
