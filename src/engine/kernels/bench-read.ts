import readShader from '../../../shaders/timing/read.wgsl?raw';
import type { EngineDevice } from '../device/device.ts';
import type { Dispatch } from '../device/dispatch.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { BufferPart } from '../device/memory.ts';

/** As in the shader. */
const workgroupSize = 128;
/** Enough for any device: with more to read each invocation reads more. */
const workgroups = 2048;

/** Times reading; composed with the engine's own kernels for other compilers, and no entry of their registry. */
export const readSpec: KernelSpec = {
  kernel: 'bench-read',
  form: {},
  label: 'bench read',
  code: readShader,
  entryPoint: 'sum_words',
};

/** Invocations, each of which leaves a sum. */
export const readSums = workgroups * workgroupSize;

/** A launch a part, all of which leave their sums, `readSums` u32, in the same place. */
export async function createReads(device: EngineDevice, parts: readonly BufferPart[]): Promise<Dispatch[]> {
  const out = await device.memory.storage('read sums', readSums * 4);
  return Promise.all(parts.map(part => device.createDispatch(readSpec, { 0: part, 1: out }, [workgroups])));
}
