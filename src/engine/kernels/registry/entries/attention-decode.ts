import type { Dispatch } from '../../../device/dispatch.ts';
import { copiesFor, decodeAttentionWork } from '../../../timing/work.ts';
import type { Precision } from '../../../types/precision.ts';
import {
  type AttentionShape,
  attentionDecodeSpecs,
  createAttentionDecode,
  decodeScratch,
} from '../../attention.ts';
import { allocateShapes } from '../../buffer-shape.ts';
import { cacheBytes, pagePositions } from '../../cache-format.ts';
import { decodeCandidates, decodeClass } from '../../decode-geometry.ts';
import { cacheTokens, describeAttention, manyTokens } from '../cached-tokens.ts';
import { defineKernel } from '../define-kernel.ts';
import type { TimedCase } from '../kernel-entry.ts';
import { noise } from '../noise.ts';

const name = 'attention, one token';

export const kernel = defineKernel<AttentionShape>({
  id: 'attention-decode',
  group: 'attention',
  usedBy: ({ text }) => text?.attention ?? [],
  words: shape => ({ kernel: name, form: describeAttention(shape) }),
  processor: { 'attention-decode': 'own', 'attention-reduce': 'empty' },
  specs: (shape, target) => attentionDecodeSpecs(shape, target),
  candidates: (shape, { isSoftware }) =>
    isSoftware ? [] : [{ kind: decodeClass(shape).kind, names: decodeCandidates(shape) }],
  restsOn: ['rope-append'],
  timed: (models, { contexts }) =>
    models.flatMap(model => contexts.map(context => timedCase(model, context, model.cache))),
  async problem(bench, model) {
    const { shape, cache, pages, append, tolerance } = await cacheTokens(bench, model);
    await append(manyTokens);
    const { q, out, state, step, attended } = await append(1);
    const scratch = await bench.allocate(decodeScratch(shape));
    const buffers = { q, out, pages, scratch };
    const launch = bench.run(await createAttentionDecode(bench.device, shape, buffers, cache, state), step);
    await bench.check(name, out, attended, tolerance, launch);
  },
});

/** One new token that attends to `context` positions, itself included. */
function timedCase(
  { heads, kvHeads, headDim }: Pick<AttentionShape, 'heads' | 'kvHeads' | 'headDim'>,
  context: number,
  cache: Precision,
): TimedCase {
  return {
    shape: { heads, kvHeads, headDim, context, cache },
    describe: `${heads}/${kvHeads} heads of ${headDim}, ${cache}, context ${context}`,
    async prepare(device, coldBytes) {
      const pages = Math.ceil(context / pagePositions);
      const shape: AttentionShape = { heads, kvHeads, headDim, ropeDimensions: headDim, pages, cache };
      const order = Uint32Array.from({ length: pages }, (_, i) => i);
      const table = await device.memory.storage('pages', order.byteLength);
      device.write(table, 0, order);
      const bytes = cacheBytes(shape);
      const width = heads * headDim;
      const buffers = {
        q: await noise(device, width),
        out: await device.memory.storage('out', width * 4),
        pages: table,
        scratch: await allocateShapes(device, decodeScratch(shape)),
      };
      const state = await device.memory.uniform('state', new Uint32Array([context - 1, 1]));
      const copies = copiesFor(2 * bytes, coldBytes);
      const sets: Dispatch[][] = [];
      while (sets.length < copies) {
        // Zeros but in f32; their speed is that of any other number: every key weighs the same.
        const filled = () =>
          cache === 'f32' ? noise(device, bytes / 4) : device.memory.storage('cache', bytes);
        const layer = { keys: await filled(), values: await filled() };
        sets.push(await createAttentionDecode(device, shape, buffers, layer, state));
      }
      return {
        launches: { sets, step: { position: context - 1, tokens: 1 } },
        work: decodeAttentionWork(shape, context, (2 * bytes * context) / (pages * pagePositions)),
      };
    },
  };
}
