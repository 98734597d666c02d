/**
 * How the KV cache is stored: 32 bits a number, 16, 8 with a scale for 32 of them, or 4 with a scale and a least number. Every
 * device can do each.
 */
export type Precision = 'f32' | 'f16' | 'q8' | 'q4';

/** The most exact first; each holds about half of what the one before it does. */
export const precisions: readonly Precision[] = ['f32', 'f16', 'q8', 'q4'];
