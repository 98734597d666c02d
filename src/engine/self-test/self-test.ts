import type { EngineDevice } from '../device/device.ts';
import { plainerVariants } from '../device/plainer-variants.ts';
import { BedsideError } from '../errors.ts';
import type { KernelNeeds, KernelProblem } from '../kernels/registry/kernel-entry.ts';
import { kernelProblems } from '../kernels/registry/registry.ts';
import { TestBench } from '../kernels/registry/test-bench.ts';
import { sentence } from '../sentence.ts';

/**
 * Runs every kernel that a model will use on a small problem and compares it with its scalar twin. Drivers that compute
 * wrongly exist; their answers look fluent. When a kernel fails, or does not even compile, switches the device to a plainer
 * variant and runs all of them again; where none is right, the device's variant stays. What they allocated is released, and with it all that anyone else did meanwhile.
 * @throws `self-test-failed` naming the kernel, `gpu-error` for one that does not compile, `aborted`
 */
export async function selfTest(
  device: EngineDevice,
  needs: KernelNeeds,
  signal?: AbortSignal,
): Promise<void> {
  const problems = kernelProblems(needs);
  const attempt = async () => {
    const before = device.memory.snapshot();
    try {
      return await firstFailure(new TestBench(device, signal), problems);
    } finally {
      device.memory.releaseExcept(before);
    }
  };
  const variants = [device.variant, ...plainerVariants(device)];
  let failed: string | undefined;
  for (const variant of variants) {
    device.variant = variant;
    try {
      failed = await attempt();
      if (!failed) return;
    } catch (error) {
      if (variant !== variants.at(-1) && isCompilerError(error, device)) continue;
      device.variant = variants[0]!;
      throw error;
    }
  }
  device.variant = variants[0]!;
  throw new BedsideError(
    'self-test-failed',
    sentence`device-computes-wrongly: This device computes wrongly (${{ kernels: failed ?? '' }}), so no answer from it can be trusted.`,
    'Update the browser and the graphics driver, or choose another device in the settings.',
  );
}

/** A kernel that does not compile; the device goes on. */
export function isCompilerError(error: unknown, device: EngineDevice): boolean {
  return error instanceof BedsideError && error.code === 'gpu-error' && !device.failed;
}

async function firstFailure(
  bench: TestBench,
  problems: readonly KernelProblem[],
): Promise<string | undefined> {
  for (const problem of problems) {
    await problem.run(bench);
    const failed = bench.checks.find(({ passed }) => !passed);
    if (failed) return failed.kernel;
  }
  return undefined;
}
