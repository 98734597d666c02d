/** How the KV cache is stored: 32 bits a number, 16 (needs the feature shader-f16), or 8 with a scale for 32 of them. */
export type Precision = 'f32' | 'f16' | 'q8';

export const precisions: readonly Precision[] = ['f32', 'f16', 'q8'];
