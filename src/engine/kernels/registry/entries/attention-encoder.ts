import { sampleNumbers } from '../../../quant/sample-blocks.ts';
import { encoderAttentionWork } from '../../../timing/work.ts';
import { encoderAttentionTwin } from '../../attention-twins.ts';
import {
  createEncoderAttention,
  type EncoderAttentionShape,
  encoderAttentionSpec,
  encoderCandidates,
} from '../../encoder-attention.ts';
import { defineKernel } from '../define-kernel.ts';
import type { TimedCase } from '../kernel-entry.ts';
import { noise } from '../noise.ts';

const name = 'attention of the image encoder';

export const kernel = defineKernel<EncoderAttentionShape>({
  id: 'attention-encoder',
  group: 'vision',
  usedBy: ({ vision }) => vision?.encoders ?? [],
  words: () => ({ kernel: name, form: '' }),
  processor: { 'attention-encoder': 'own' },
  specs: (shape, target) => [encoderAttentionSpec(shape, target)],
  candidates: (_, target) => [encoderCandidates(target)],
  timed: (encoders, { positions }) =>
    encoders.map(({ heads, headDim, positions: own }) =>
      timedCase({ heads, headDim, positions: positions ?? own }),
    ),
  /** The model's own pipeline, on rows enough for two blocks of queries, and on a second tile where tiles are small. */
  async problem(bench, { heads, headDim, positions }) {
    const tokens = Math.min(70, positions + 5);
    const count = tokens * heads * headDim;
    const [q, k, v] = [sampleNumbers(count, 12), sampleNumbers(count, 13), sampleNumbers(count, 14)];
    const buffers = {
      q: await bench.buffer(q),
      k: await bench.buffer(k),
      v: await bench.buffer(v),
      out: await bench.space(count),
    };
    const shape = { heads, headDim, positions };
    const state = await bench.state(0, tokens);
    const attend = await createEncoderAttention(bench.device, shape, buffers, state);
    const launch = bench.run([attend], { position: 0, tokens });
    await bench.check(name, buffers.out, encoderAttentionTwin(q, k, v, shape), 1e-4, launch);
  },
});

/** One image tile of a vision transformer. */
function timedCase({ heads, headDim, positions }: EncoderAttentionShape): TimedCase {
  const shape = { heads, headDim, positions };
  return {
    shape,
    describe: `${positions} x ${heads} x ${headDim}`,
    async prepare(device) {
      const elements = positions * heads * headDim;
      const buffers = {
        q: await noise(device, elements),
        k: await noise(device, elements),
        v: await noise(device, elements),
        out: await device.memory.storage('out', elements * 4),
      };
      const state = await device.memory.uniform('state', new Uint32Array([0, positions]));
      const dispatch = await createEncoderAttention(device, shape, buffers, state);
      return {
        launches: { sets: [[dispatch]], step: { position: 0, tokens: positions } },
        work: encoderAttentionWork(shape),
      };
    },
  };
}
