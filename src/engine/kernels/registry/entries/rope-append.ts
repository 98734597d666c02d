import { type AttentionShape, ropeAppendSpec } from '../../attention.ts';
import { cacheTokens, describeAttention, manyTokens } from '../cached-tokens.ts';
import { defineKernel } from '../define-kernel.ts';

/** What it writes to the cache shows in the attention that reads it. */
export const kernel = defineKernel<AttentionShape>({
  id: 'rope-append',
  group: 'attention',
  usedBy: ({ text }) => text?.attention ?? [],
  words: shape => ({ kernel: 'rope', form: describeAttention(shape) }),
  processor: { 'rope-append': 'plain' },
  specs: shape => [ropeAppendSpec(shape)],
  timed: 'small problem',
  async problem(bench, model) {
    const tokens = await cacheTokens(bench, model);
    const { q, rotated, launch } = await tokens.append(manyTokens);
    // Angles of up to 65 radians are rounded to f32 before their sines are taken.
    await bench.check('rope', q, rotated, 4e-5, launch);
  },
});
