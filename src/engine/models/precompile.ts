import type { EngineDevice } from '../gpu/device.ts';
import type { PipelineSpec } from '../gpu/pipelines.ts';
import {
  type AttentionShape,
  attentionDecodeSpecs,
  attentionPrefillSpec,
  ropeAppendSpec,
} from '../kernels/attention.ts';
import { gatherSpec } from '../kernels/gather.ts';
import { halfNormSpec } from '../kernels/half-norm.ts';
import { matmulSpec } from '../kernels/matmul.ts';
import { matvecForms, matvecSpec } from '../kernels/matvec.ts';
import { rmsNormSpec } from '../kernels/rms-norm.ts';
import { argmaxSpec, topKSpec } from '../kernels/sample.ts';
import { siluMulSpec } from '../kernels/silu-mul.ts';
import type { GgmlTypeName } from '../quant/block-formats.ts';
import { placements } from '../quant/gpu-formats.ts';

/**
 * Starts compiling every kernel of a model at once: drivers compile on several threads, and what comes next (self-test,
 * upload) only waits for what it needs. A kernel that does not compile is reported by whoever asks for it.
 * @param embedding type of the embedding, the one matrix that is gathered from
 */
export function precompile(
  device: EngineDevice,
  types: Iterable<GgmlTypeName>,
  embedding: GgmlTypeName,
  shape: AttentionShape,
): void {
  const { variant } = device;
  const formats = new Set([...types].map(type => placements[type]!.format));
  const specs: PipelineSpec[] = [
    gatherSpec(placements[embedding]!.format),
    ...[...formats].flatMap(format => [
      ...matvecForms.map(form => matvecSpec(format, variant, form)),
      matmulSpec(format, variant, 'store'),
      matmulSpec(format, variant, 'add'),
    ]),
    halfNormSpec(variant),
    rmsNormSpec(variant, false),
    rmsNormSpec(variant, true),
    siluMulSpec(),
    ropeAppendSpec(shape),
    ...attentionDecodeSpecs(shape, device.report),
    attentionPrefillSpec(shape),
    argmaxSpec(),
    topKSpec('from_logits'),
    topKSpec('from_candidates'),
  ];
  for (const spec of specs) device.pipelines.get(spec).catch(() => undefined);
}
