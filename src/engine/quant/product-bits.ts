import type { ActivationBits } from '../types/device-choice.ts';
import type { GpuFormatName } from './gpu-formats.ts';

/**
 * Formats whose quants are from 0 to 127, as the instruction for 8 bits wants them. What the others have is signed: it would take
 * two such products, and 16 bits are faster.
 */
const unsignedFormats: ReadonlySet<GpuFormatName> = new Set([
  'q4_0',
  'q4_1',
  'q5_0',
  'q5_1',
  'q2_k',
  'q3_k',
  'q4_k',
  'q5_k',
  'q6_k',
]);

const quantised: ReadonlySet<GpuFormatName> = new Set([...unsignedFormats, 'q8_0', 'iq4_nl', 'iq4_xs']);

/**
 * Bits of the activations that a product reads on a device that rounds them to `bits`.
 * Numbers as they are (f32, f16, bf16) are always multiplied exactly. With many tokens 16 bits are no faster than f32.
 */
export function productBits(
  format: GpuFormatName,
  kernel: 'matvec' | 'matmul',
  bits: ActivationBits,
): ActivationBits {
  if (bits === 32 || !quantised.has(format)) return 32;
  if (bits === 8 && unsignedFormats.has(format)) return 8;
  return kernel === 'matvec' ? 16 : 32;
}
