import type { Precision } from '../../client/index.ts';

export const precisionWords: Readonly<Record<Precision, string>> = {
  f32: '32-bit',
  f16: '16-bit',
  q8: '8-bit',
  q4: '4-bit',
};

/** How exactly a model remembers the conversation. */
export const memoryNames: Readonly<Record<Precision, string>> = {
  f32: 'Exact (32 bit)',
  f16: 'Half (16 bit)',
  q8: 'Quarter (8 bit)',
  q4: 'Smallest (4 bit)',
};
