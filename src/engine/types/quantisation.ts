/** How the matrices of a language model are stored when a checkpoint is converted, by llama.cpp's names; the most exact first. */
export const quantisations = ['F16', 'Q8_0', 'Q6_K', 'Q5_K_M', 'Q4_K_M', 'Q4_0', 'Q3_K_M', 'Q2_K'] as const;

export type Quantisation = (typeof quantisations)[number];
