import type { EngineDevice } from '../gpu/device.ts';
import type { AttentionShape } from '../kernels/attention.ts';
import type { EncoderAttentionShape } from '../kernels/encoder-attention.ts';
import { requireSoundKernels } from '../kernels/registry/test-bench.ts';
import type { GgmlTypeName } from '../quant/block-formats.ts';
import { visionProblems } from './vision-problems.ts';

/**
 * Runs every kernel of the image encoder on a small problem and compares it with its scalar twin, as `selfTest` does for
 * the language model: a subgroup variant that fails is replaced by the plain one.
 * @param types of the encoder's matrices
 * @param language attention of the language model, where there is one whose visual tokens may be compressed
 * @throws `self-test-failed` naming the kernel, `gpu-error` for one that does not compile, `aborted`
 */
export async function visionSelfTest(
  device: EngineDevice,
  types: Iterable<GgmlTypeName>,
  shape: EncoderAttentionShape,
  language?: Omit<AttentionShape, 'pages'>,
  signal?: AbortSignal,
): Promise<void> {
  await requireSoundKernels(device, signal, visionProblems(types, shape, language));
}
