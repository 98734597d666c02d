import { sampleNumbers } from '../../../quant/sample-blocks.ts';
import { type AttentionShape, createRopeAppend } from '../../attention.ts';
import { keyScoresTwin, storedTwin } from '../../attention-twins.ts';
import { cacheBytes } from '../../cache-format.ts';
import { createKeyScores, keyScoreShapes, keyScoresSpecs } from '../../key-scores.ts';
import { rotationTable } from '../../rotation-table.ts';
import { describeAttention } from '../cached-tokens.ts';
import { defineKernel } from '../define-kernel.ts';
import type { Launch, TestBench } from '../test-bench.ts';

export const kernel = defineKernel<AttentionShape>({
  id: 'key-scores',
  group: 'vision',
  usedBy: ({ vision }) => vision?.scored ?? [],
  words: shape => ({ kernel: 'key-scores', form: describeAttention(shape) }),
  processor: { 'key-scores': 'own', 'key-scores-reduce': 'own' },
  specs: shape => keyScoresSpecs(shape),
  restsOn: ['rope-append'],
  timed: 'small problem',
  problem: scoreKeys,
});

/**
 * The model's own pipelines. Two steps; the first query that counts is inside the first, in the middle of a workgroup's
 * queries; the block goes over a page border, with the pages in swapped order, and some queries are inside it.
 */
async function scoreKeys(bench: TestBench, model: AttentionShape): Promise<void> {
  const { device } = bench;
  const shape: AttentionShape = { ...model, pages: 2 };
  const block = { firstQuery: 53, blockStart: 30, blockCount: 40 };
  const [steps, total] = [[66, 20], 86];
  const [qWidth, kvWidth] = [shape.heads * shape.headDim, shape.kvHeads * shape.headDim];
  const q = sampleNumbers(total * qWidth, 15);
  // Stored once before, and so stored without loss: the twin knows what the cache holds on every device.
  const k = storedTwin(sampleNumbers(total * kvWidth, 16), shape.headDim, shape.cache);
  const cacheWords = cacheBytes(shape) / 4;
  const cache = { keys: await bench.space(cacheWords), values: await bench.space(cacheWords) };
  const { partials } = keyScoreShapes(shape, Math.max(...steps), block.blockCount);
  const { firstQuery, blockStart, blockCount } = block;
  const shared = {
    // Every angle is zero: q and k stay as they are.
    rotations: await bench.buffer(rotationTable(total, shape.ropeDimensions, 1, undefined, 0)),
    pages: await bench.buffer(new Uint32Array([1, 0])),
    // Whoever reads what no query has written spoils the scores.
    partials: await bench.buffer(new Float32Array(partials.bytes / 4).fill(Number.NaN)),
    scores: await bench.space(blockCount),
    block: await device.memory.uniform(
      'kernel problem',
      new Uint32Array([firstQuery, blockStart, blockCount]),
    ),
  };
  let first = 0;
  let scoring: Launch | undefined;
  for (const tokens of steps) {
    const state = await bench.state(first, tokens);
    const keys = await bench.buffer(k.slice(first * kvWidth, (first + tokens) * kvWidth));
    const queries = await bench.buffer(q.slice(first * qWidth, (first + tokens) * qWidth));
    // No score depends on the values.
    const values = await bench.space(tokens * kvWidth);
    const buffers = { ...shared, q: queries, k: keys, v: values };
    const append = await createRopeAppend(device, shape, buffers, cache, state);
    const score = await createKeyScores(device, shape, buffers, cache, state);
    bench.run([append], { position: first, tokens });
    scoring = bench.run(score, { position: first, tokens });
    first += tokens;
  }
  const expected = keyScoresTwin(q, k, shape, block);
  const largest = expected.reduce((max, value) => Math.max(max, value), 0);
  await bench.check('key-scores', shared.scores, expected, 1e-4 * largest, scoring);
}
