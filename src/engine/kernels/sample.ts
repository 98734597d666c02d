import argmaxShader from '../../../shaders/sample/argmax.wgsl?raw';
import topKShader from '../../../shaders/sample/top-k.wgsl?raw';
import type { EngineDevice, Variant } from '../device/device.ts';
import type { Dispatch, Step } from '../device/dispatch.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { type Allocated, arrayShape } from './buffer-shape.ts';

/** Candidates that top-k keeps on the GPU; a larger k reads all logits back. */
export const candidateCount = 128;
/** Logits of which a workgroup finds the best, or the best ones. */
const logitsAtOnce = 1024;

/** What argmax, top-k and draw write for a logit that is not finite. */
export const brokenId = 0xffffffff;

/** Rows of logits among each of which is chosen: [rows, stride] f32, `count` of which are a row's. */
export interface LogitRows {
  buffer: DeviceBuffer;
  count: number;
  /** 1 where it is not said. */
  rows?: number;
  /** `count` where it is not said. */
  stride?: number;
  /** How many rows a step has, at most `rows`; those of others may be chosen among in vain. */
  rowsOf?: (step: Step) => number;
}

export function argmaxSpec(pass: 'parts' | 'join'): KernelSpec {
  const label = `argmax ${pass}`;
  return { kernel: 'argmax', form: { pass }, label, code: argmaxShader, entryPoint: pass };
}

/** Of each row the best of every part: [rows, parts, 2] u32. A row may begin in the middle of a vector of four. */
export function argmaxShapes({ count, rows = 1 }: Omit<LogitRows, 'buffer'>) {
  return { parts: arrayShape('argmax parts', rows * argmaxParts(count) * 2) };
}

function argmaxParts(count: number): number {
  return Math.ceil((count + 3) / logitsAtOnce);
}

/** ids[row] = result[row][0] = index of the largest of a row's logits; result[row][1] its bits. Two launches. */
export async function createArgmax(
  device: EngineDevice,
  logits: LogitRows,
  { ids, result, parts }: { ids: DeviceBuffer; result: DeviceBuffer; parts: DeviceBuffer },
): Promise<Dispatch[]> {
  const { buffer, count, rows = 1, stride = count, rowsOf = () => rows } = logits;
  const partsOfRow = argmaxParts(count);
  const params = await device.memory.uniform('argmax', new Uint32Array([count, stride, partsOfRow, rows]));
  const [ofParts, ofRows] = [
    { 0: params, 1: buffer, 3: parts },
    { 0: params, 2: parts, 4: ids, 5: result },
  ];
  return [
    await device.createDispatch(argmaxSpec('parts'), ofParts, step => [partsOfRow, rowsOf(step)]),
    await device.createDispatch(argmaxSpec('join'), ofRows, step => [rowsOf(step)]),
  ];
}

export function topKSpec({ small }: Variant, entryPoint: 'from_logits' | 'from_candidates'): KernelSpec {
  const source = entryPoint === 'from_logits' ? 'logits' : 'candidates';
  return {
    kernel: 'top-k',
    form: { source, count: candidateCount, sortedAtOnce: logitsAtOnce },
    label: `top-k ${entryPoint}`,
    code: topKShader,
    entryPoint,
    constants: { K: candidateCount, THREADS: small ? 128 : 256 },
  };
}

/** What is left of a row's logits after a pass and after the next: [rows, ceil(count / 1024), candidateCount, 2] u32. */
export function topKShapes({ count, rows = 1 }: Omit<LogitRows, 'buffer'>) {
  const ofRow = Math.ceil(count / logitsAtOnce) * candidateCount * 2;
  const candidates = arrayShape('top-k candidates', rows * ofRow);
  return { source: candidates, target: candidates };
}

/**
 * The `candidateCount` largest logits of each row in descending order: [rows, candidateCount] (logit bits u32, id u32) at the
 * start of the returned buffer, one of `buffers`.
 */
export async function createTopK(
  device: EngineDevice,
  logits: LogitRows,
  buffers: Allocated<ReturnType<typeof topKShapes>>,
): Promise<{ dispatches: Dispatch[]; candidates: DeviceBuffer }> {
  const { buffer, count, rows = 1, stride = count, rowsOf = () => rows } = logits;
  const gridOf = (x: number) => (step: Step) => [x, rowsOf(step)] as const;
  let workgroups = Math.ceil(count / logitsAtOnce);
  let { source, target } = buffers;
  const params = await device.memory.uniform('top-k', new Uint32Array([count, stride, rows]));
  const first = { 0: params, 1: buffer, 3: source };
  const dispatches = [
    await device.createDispatch(topKSpec(device.variant, 'from_logits'), first, gridOf(workgroups)),
  ];
  while (workgroups > 1) {
    const left = workgroups * candidateCount;
    workgroups = Math.ceil(left / logitsAtOnce);
    const pass = await device.memory.uniform('top-k', new Uint32Array([left, left, rows]));
    const next = { 0: pass, 2: source, 3: target };
    dispatches.push(
      await device.createDispatch(topKSpec(device.variant, 'from_candidates'), next, gridOf(workgroups)),
    );
    [source, target] = [target, source];
  }
  return { dispatches, candidates: source };
}
