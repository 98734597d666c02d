import affine8 from '../../../shaders/linear/formats/affine8.wgsl?raw';
import affine8Dot from '../../../shaders/linear/formats/affine8-dot.wgsl?raw';
import f16 from '../../../shaders/linear/formats/f16.wgsl?raw';
import f16Dot from '../../../shaders/linear/formats/f16-dot.wgsl?raw';
import f32 from '../../../shaders/linear/formats/f32.wgsl?raw';
import f32Dot from '../../../shaders/linear/formats/f32-dot.wgsl?raw';
import plain from '../../../shaders/linear/formats/plain-activations.wgsl?raw';
import q40 from '../../../shaders/linear/formats/q4_0.wgsl?raw';
import q40Dot from '../../../shaders/linear/formats/q4_0-dot.wgsl?raw';
import q4k from '../../../shaders/linear/formats/q4_k.wgsl?raw';
import q4kDot from '../../../shaders/linear/formats/q4_k-dot.wgsl?raw';
import q6k from '../../../shaders/linear/formats/q6_k.wgsl?raw';
import q6kDot from '../../../shaders/linear/formats/q6_k-dot.wgsl?raw';
import q80 from '../../../shaders/linear/formats/q8_0.wgsl?raw';
import q80Dot from '../../../shaders/linear/formats/q8_0-dot.wgsl?raw';

/** The two shader files of each format: how to read 16 weights, and how to multiply a unit of them. */
export const formatShaders: Record<string, { weights: string; dot: string }> = {
  f32: { weights: f32, dot: plain + f32Dot },
  f16: { weights: f16, dot: plain + f16Dot },
  q4_0: { weights: q40, dot: q40Dot },
  q8_0: { weights: q80, dot: plain + q80Dot },
  q4_k: { weights: q4k, dot: q4kDot },
  q6_k: { weights: q6k, dot: q6kDot },
  affine8: { weights: affine8, dot: affine8Dot },
};
