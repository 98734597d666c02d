import type { EngineDevice } from '../gpu/device.ts';
import type { AttentionShape } from '../kernels/attention.ts';
import { requireSoundKernels } from '../kernels/registry/test-bench.ts';
import type { GgmlTypeName } from '../quant/block-formats.ts';
import { languageProblems } from './language-problems.ts';

/**
 * Runs every kernel that a model will use on a small problem and compares it with its scalar twin. Drivers that compute
 * wrongly exist; their answers look fluent. When the subgroup variant fails, or does not even compile, the plain one is
 * tried and kept.
 * @throws `self-test-failed` naming the kernel, `gpu-error` for one that does not compile, `aborted`
 */
export async function selfTest(
  device: EngineDevice,
  types: Iterable<GgmlTypeName>,
  shape: Omit<AttentionShape, 'pages'>,
  signal?: AbortSignal,
): Promise<void> {
  await requireSoundKernels(device, signal, languageProblems(types, shape));
}
