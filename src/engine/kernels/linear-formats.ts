import activations from '../../../shaders/linear/activations.wgsl?raw';
import affine8 from '../../../shaders/linear/formats/affine8.wgsl?raw';
import affine8Dot from '../../../shaders/linear/formats/affine8-dot.wgsl?raw';
import f16 from '../../../shaders/linear/formats/f16.wgsl?raw';
import f16Dot from '../../../shaders/linear/formats/f16-dot.wgsl?raw';
import f32 from '../../../shaders/linear/formats/f32.wgsl?raw';
import f32Dot from '../../../shaders/linear/formats/f32-dot.wgsl?raw';
import plain from '../../../shaders/linear/formats/plain-dot.wgsl?raw';
import q40 from '../../../shaders/linear/formats/q4_0.wgsl?raw';
import q40Dot from '../../../shaders/linear/formats/q4_0-dot.wgsl?raw';
import q4k from '../../../shaders/linear/formats/q4_k.wgsl?raw';
import q4kDot from '../../../shaders/linear/formats/q4_k-dot.wgsl?raw';
import q6k from '../../../shaders/linear/formats/q6_k.wgsl?raw';
import q6kDot from '../../../shaders/linear/formats/q6_k-dot.wgsl?raw';
import q80 from '../../../shaders/linear/formats/q8_0.wgsl?raw';
import q80Dot from '../../../shaders/linear/formats/q8_0-dot.wgsl?raw';
import q4kBlocks from '../../../shaders/linear/software/blocks/q4_k.wgsl?raw';
import q6kBlocks from '../../../shaders/linear/software/blocks/q6_k.wgsl?raw';
import affine8Unit from '../../../shaders/linear/software/formats/affine8.wgsl?raw';
import f16Unit from '../../../shaders/linear/software/formats/f16.wgsl?raw';
import f32Unit from '../../../shaders/linear/software/formats/f32.wgsl?raw';
import q40Unit from '../../../shaders/linear/software/formats/q4_0.wgsl?raw';
import q4kUnit from '../../../shaders/linear/software/formats/q4_k.wgsl?raw';
import q6kUnit from '../../../shaders/linear/software/formats/q6_k.wgsl?raw';
import q80Unit from '../../../shaders/linear/software/formats/q8_0.wgsl?raw';
import affine8Part from '../../../shaders/linear/software/parts/affine8.wgsl?raw';
import f16Part from '../../../shaders/linear/software/parts/f16.wgsl?raw';
import f32Part from '../../../shaders/linear/software/parts/f32.wgsl?raw';
import q40Part from '../../../shaders/linear/software/parts/q4_0.wgsl?raw';
import q4kPart from '../../../shaders/linear/software/parts/q4_k.wgsl?raw';
import q6kPart from '../../../shaders/linear/software/parts/q6_k.wgsl?raw';
import q80Part from '../../../shaders/linear/software/parts/q8_0.wgsl?raw';

interface FormatShaders {
  /** How to read 16 weights. */
  weights: string;
  /** How to multiply a unit of them. */
  dot: string;
  /** How to keep 32 of them and dequantise four (on processors). */
  unit: string;
  /** How to read eight of those 32 as they are needed (on processors with vectors of eight). */
  part: string;
  /** How to multiply blocks of 256 step by step (on processors), and for vectors of eight the rows a lane does at a time. */
  blocks?: { shader: string; sets: number };
}

const formatOf = (
  weights: string,
  dot: string,
  unit: string,
  part: string,
  blocks?: FormatShaders['blocks'],
): FormatShaders => ({
  weights,
  dot: [activations, dot].join('\n'),
  unit,
  part,
  blocks,
});

/** The shader files of each format. */
export const formatShaders: Record<string, FormatShaders> = {
  f32: formatOf(f32, plain + f32Dot, f32Unit, f32Part),
  f16: formatOf(f16, plain + f16Dot, f16Unit, f16Part),
  q4_0: formatOf(q40, q40Dot, q40Unit, q40Part),
  q8_0: formatOf(q80, plain + q80Dot, q80Unit, q80Part),
  q4_k: formatOf(q4k, q4kDot, q4kUnit, q4kPart, { shader: q4kBlocks, sets: 4 }),
  q6_k: formatOf(q6k, q6kDot, q6kUnit, q6kPart, { shader: q6kBlocks, sets: 2 }),
  affine8: formatOf(affine8, affine8Dot, affine8Unit, affine8Part),
};
