/**
 * Activations on the GPU: [tokens, stride] f32. Where a matmul reads them the stride is a multiple of 32 and what lies
 * past the columns is zero.
 */
export interface Rows {
  buffer: GPUBuffer;
  /** Floats from one row to the next. */
  stride: number;
}
