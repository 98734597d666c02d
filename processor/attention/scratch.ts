// A thread's scratch in the kernels of attention. Heads of up to MOST_DIMENSIONS.
export const MOST_DIMENSIONS: i32 = 256;

/** Queries of a tile of prefill or of the encoder: a multiple of three. */
export const QUERIES: i32 = 24;

// Bytes from the start of the scratch.
export const LARGEST: usize = 0; //                                   m [QUERIES] f32
export const TOTALS: usize = 128; //                                  l [QUERIES] f32
export const FACTORS: usize = 256; //                                 exp(m - m') [QUERIES] f32
export const SCORES: usize = 384; //                                  [QUERIES, 64] f32; of decode [256]
export const OUTPUTS: usize = 384 + 24 * 256; //                      [QUERIES, HEAD_DIM] f32
export const KEYS: usize = 384 + 24 * 256 + 24 * 1024; //             a page of keys [HEAD_DIM / 4, 64, 4] f32
export const VALUES: usize = 384 + 24 * 256 + 24 * 1024 + 65536; //   a page of values [64, HEAD_DIM] f32

/** Bytes that these take. */
export const ATTENTION_SCRATCH: i32 = 384 + 24 * 256 + 24 * 1024 + 2 * 65536;
