import type { EngineDevice } from '../gpu/device.ts';
import type { PipelineSpec } from '../gpu/pipelines.ts';
import type { AttentionShape } from '../kernels/attention.ts';
import { type EncoderAttentionShape, encoderAttentionSpec } from '../kernels/encoder-attention.ts';
import { keyScoresSpecs } from '../kernels/key-scores.ts';
import { layerNormSpec } from '../kernels/layer-norm.ts';
import { matmulSpec } from '../kernels/matmul.ts';
import { patchesSpec, pixelShuffleSpec, positionsSpec } from '../kernels/vision.ts';
import type { GgmlTypeName } from '../quant/block-formats.ts';
import { placements } from '../quant/gpu-formats.ts';

/**
 * Starts compiling every kernel of an image encoder at once, as `precompile` does for a language model.
 * @param types of the encoder's matrices
 * @param language attention of the language model, where there is one whose visual tokens may be compressed
 */
export function precompileVision(
  device: EngineDevice,
  types: Iterable<GgmlTypeName>,
  shape: EncoderAttentionShape,
  language?: AttentionShape,
): void {
  const formats = new Set([...types].map(type => placements[type]!.format));
  const specs: PipelineSpec[] = [
    ...[...formats].flatMap(format => [
      matmulSpec(format, device.variant, 'bias'),
      matmulSpec(format, device.variant, 'bias-gelu'),
      matmulSpec(format, device.variant, 'bias-scale-add'),
    ]),
    layerNormSpec(device.variant),
    patchesSpec(),
    positionsSpec(),
    pixelShuffleSpec(),
    encoderAttentionSpec(shape),
    ...(language ? keyScoresSpecs(language) : []),
  ];
  for (const spec of specs) device.pipelines.get(spec).catch(() => undefined);
}
