import { type AttentionShape, attentionPrefillSpec, createAttentionPrefill } from '../../attention.ts';
import { cacheTokens, describeAttention, manyTokens } from '../cached-tokens.ts';
import { defineKernel } from '../define-kernel.ts';

const name = 'attention, many tokens';

export const kernel = defineKernel<AttentionShape>({
  id: 'attention-prefill',
  group: 'attention',
  usedBy: ({ text }) => text?.attention ?? [],
  words: shape => ({ kernel: name, form: describeAttention(shape) }),
  processor: { 'attention-prefill': 'own' },
  specs: shape => [attentionPrefillSpec(shape)],
  restsOn: ['rope-append'],
  timed: 'small problem',
  async problem(bench, model) {
    const { shape, cache, pages, append, tolerance } = await cacheTokens(bench, model);
    const { q, out, state, step, attended } = await append(manyTokens);
    const attend = await createAttentionPrefill(bench.device, shape, { q, out, pages }, cache, state);
    const launch = bench.run([attend], step);
    await bench.check(name, out, attended, tolerance, launch);
  },
});
