import type { EngineDevice } from '../device/device.ts';
import { type KernelNeeds, targetOf } from '../kernels/registry/kernel-entry.ts';
import { kernelSpecs } from '../kernels/registry/registry.ts';

/**
 * Starts compiling every kernel of a model at once: drivers compile on several threads, and what comes next (self-test,
 * upload) only waits for what it needs. A kernel that does not compile is reported by whoever asks for it.
 */
export function precompile(device: EngineDevice, needs: KernelNeeds): void {
  for (const spec of kernelSpecs(needs, targetOf(device))) device.compile(spec).catch(() => undefined);
}
