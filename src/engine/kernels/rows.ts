import type { DeviceBuffer } from '../device/memory.ts';
/**
 * Activations on the GPU: [tokens, stride] f32. Where a matmul reads them the stride is a multiple of 32 and what lies
 * past the columns is zero.
 */
export interface Rows {
  buffer: DeviceBuffer;
  /** Floats from one row to the next. */
  stride: number;
}
