import type { Dispatch } from '../../../device/dispatch.ts';
import { copiesFor, prefillAttentionWork } from '../../../timing/work.ts';
import type { AttentionShape } from '../../attention.ts';
import { attentionPrefillSpecs, createAttentionPrefill, prefillCandidates } from '../../attention-prefill.ts';
import { cacheBytes, pagePositions } from '../../cache-format.ts';
import { cacheTokens, describeAttention, manyTokens } from '../cached-tokens.ts';
import { defineKernel } from '../define-kernel.ts';
import type { TimedCase } from '../kernel-entry.ts';
import { noise } from '../noise.ts';

const name = 'attention, many tokens';
/** As many as are left at the end of `manyTokens`, to check the form for so few. */
const few = 3;

export const kernel = defineKernel<AttentionShape>({
  id: 'attention-prefill',
  group: 'attention',
  usedBy: ({ text }) => text?.attention ?? [],
  words: shape => ({ kernel: name, form: describeAttention(shape) }),
  processor: { 'attention-prefill': 'own' },
  specs: (shape, target) => attentionPrefillSpecs(shape, target),
  candidates: (shape, target) => [prefillCandidates(shape, target)],
  restsOn: ['rope-append'],
  timed: (models, { contexts, tokens }) =>
    models.flatMap(model =>
      contexts.flatMap(context =>
        tokens
          .filter(count => count > 1 && count <= context)
          .map(count => timedCase(model, { context, tokens: count })),
      ),
    ),
  async problem(bench, model) {
    const { shape, cache, pages, append, tolerance } = await cacheTokens(bench, model);
    for (const [tokens, kernel] of [
      [manyTokens - few, name],
      [few, 'attention, few tokens'],
    ] as const) {
      const { q, out, state, step, attended } = await append(tokens);
      const attend = await createAttentionPrefill(bench.device, shape, { q, out, pages }, cache, state);
      const launch = bench.run(attend, step);
      await bench.check(kernel, out, attended, tolerance, launch);
    }
  },
});

/** The last `tokens` of `context` positions, each of which attends to those up to its own. */
function timedCase(
  { heads, kvHeads, headDim, cache }: AttentionShape,
  { context, tokens }: { context: number; tokens: number },
): TimedCase {
  return {
    shape: { heads, kvHeads, headDim, context, tokens, cache },
    describe: `${heads}/${kvHeads} heads of ${headDim}, ${cache}, ${tokens} tokens of ${context}`,
    async prepare(device, coldBytes) {
      const pages = Math.ceil(context / pagePositions);
      const shape: AttentionShape = { heads, kvHeads, headDim, ropeDimensions: headDim, pages, cache };
      const order = Uint32Array.from({ length: pages }, (_, i) => i);
      const table = await device.memory.storage('pages', order.byteLength);
      device.write(table, 0, order);
      const bytes = cacheBytes(shape);
      const width = heads * headDim;
      const buffers = {
        q: await noise(device, tokens * width),
        out: await device.memory.storage('out', tokens * width * 4),
        pages: table,
      };
      const step = { position: context - tokens, tokens };
      const state = await device.memory.uniform('state', new Uint32Array([step.position, tokens]));
      const copies = copiesFor(2 * bytes, coldBytes);
      const sets: Dispatch[][] = [];
      while (sets.length < copies) {
        // Zeros but in f32; their speed is that of any other number: every key weighs the same.
        const filled = () =>
          cache === 'f32' ? noise(device, bytes / 4) : device.memory.storage('cache', bytes);
        const layer = { keys: await filled(), values: await filled() };
        sets.push(await createAttentionPrefill(device, shape, buffers, layer, state));
      }
      return { launches: { sets, step }, work: prefillAttentionWork(shape, step, 2 * bytes) };
    },
  };
}
