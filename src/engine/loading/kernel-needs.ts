import type { DecoderParts } from '../families/family.ts';
import type { GgufTensor } from '../formats/gguf.ts';
import type { AttentionShape } from '../kernels/attention.ts';
import type { KernelNeeds } from '../kernels/registry/kernel-entry.ts';
import type { VisionFile } from '../models/vision/vision-file.ts';

/** The kernels that a model launches, both its halves. */
export function kernelNeeds(
  tensors: ReadonlyMap<string, GgufTensor>,
  parts: DecoderParts,
  attention: readonly AttentionShape[],
  visionFile?: VisionFile,
): KernelNeeds {
  const matrices = [...tensors.values()].filter(tensor => tensor.shape.length === 2);
  return {
    text: {
      types: [...new Set(matrices.map(({ typeName }) => typeName))],
      embeddings: [tensors.get('token_embd.weight')!.typeName],
      attention,
      parts: { qkvBias: parts.qkvBias, headNorms: parts.headNorms, gelu: parts.gate === 'gelu' },
    },
    ...(visionFile ? visionNeeds(visionFile, attention) : {}),
  };
}

/** @param scored attention of the language models whose visual tokens may be compressed */
export function visionNeeds(file: VisionFile, scored: readonly AttentionShape[] = []): KernelNeeds {
  const { config, matrixTypes } = file;
  const compressed = config.showsWhole ? [] : scored;
  return {
    vision: { kinds: [config.kind], types: [...matrixTypes], encoders: [config], scored: compressed },
  };
}
