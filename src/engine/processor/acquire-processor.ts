import { ProcessorDevice, scratchBytes } from './device.ts';
import { knowsRelaxedSimd, loadKernelModule } from './kernel-module.ts';
import type { MemoryOptions } from './memory.ts';
import { type Helper, Pool } from './pool.ts';

export interface ProcessorOptions extends Omit<MemoryOptions, 'shared'> {
  /** Multiply-add that rounds once; by default where the engine knows it. */
  relaxed?: boolean | undefined;
  /** Threads that compute while the caller waits; without any the caller's own computes. They end with the device. */
  helpers?: readonly Helper[] | undefined;
}

/** The processor as a device. Helpers need memory that can be shared between threads. */
export async function acquireProcessor(options: ProcessorOptions = {}): Promise<ProcessorDevice> {
  const { helpers = [], ...memory } = options;
  const relaxed = options.relaxed ?? (await knowsRelaxedSimd());
  const build = relaxed ? 'relaxed' : 'plain';
  if (helpers.length === 0) return new ProcessorDevice(await loadKernelModule(build), memory);
  const module = await loadKernelModule(`${build}-shared`);
  return new ProcessorDevice(module, { ...memory, shared: true }, over => {
    return new Pool(module, over.memory, over, helpers, scratchBytes, over.lost);
  });
}
