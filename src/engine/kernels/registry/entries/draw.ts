import { sampleNumbers } from '../../../quant/sample-blocks.ts';
import { Random } from '../../../random.ts';
import { createSampler } from '../../../sampling/sampler.ts';
import { greedySampling, type SamplingSettings } from '../../../types/sampling.ts';
import { createDraw, drawSettings, drawShapes, drawSpec, undecidedId } from '../../draw.ts';
import { candidateCount } from '../../sample.ts';
import { topKTwin } from '../../twins.ts';
import { defineKernel, oneForm } from '../define-kernel.ts';
import type { TestBench } from '../test-bench.ts';

const sampled = { ...greedySampling, temperature: 0.7, repetitionWindow: 12, seed: 5 };
interface DrawProblem {
  settings: SamplingSettings;
  isDecided: boolean;
  /** Whether the rows are places of one text. */
  isOneText?: boolean;
}

/** What decides among candidates; and one that candidates alone cannot decide. */
const problems: readonly DrawProblem[] = [
  { settings: { ...sampled, topK: 40, topP: 0.95, minP: 0.02, repetitionPenalty: 1.2 }, isDecided: true },
  { settings: { ...sampled, minP: 0.05, repetitionPenalty: 1.05 }, isDecided: true },
  { settings: { ...sampled, topK: 60, repetitionPenalty: 1.4 }, isDecided: true, isOneText: true },
  { settings: { ...sampled, temperature: 0, repetitionPenalty: 1.3 }, isDecided: true },
  { settings: { ...sampled, temperature: 5, minP: 1e-6 }, isDecided: false },
];

export const kernel = defineKernel({
  id: 'draw',
  group: 'language',
  usedBy: ({ text }) => oneForm(text),
  words: () => ({ kernel: 'draw', form: '' }),
  processor: { draw: 'plain' },
  specs: () => [drawSpec()],
  timed: 'small problem',
  async problem(bench) {
    for (const problem of problems) await draw(bench, problem);
  },
});

/** Its twin is the sampler of the host, which sees all logits. */
async function draw(bench: TestBench, { settings, isDecided, isOneText }: DrawProblem): Promise<void> {
  const size = { count: 1500, capacity: 24, rows: 6, historyStride: isOneText ? 0 : 24 };
  const { count, capacity, rows, historyStride } = size;
  const numbers = sampleNumbers(rows * count, 3);
  const largest = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const logits = numbers.map(value => (12 * value) / largest);
  const lengths = Array.from({ length: rows }, (_, row) => 3 * row + 2);
  const random = new Random(settings.seed);
  const sampler = createSampler(settings);
  const candidates = new Uint32Array(rows * candidateCount * 2);
  const draws = new Float32Array(rows * capacity);
  const history = new Uint32Array(rows * capacity);
  const expected: number[] = [];
  const bestOf = lengths.map((_, row) =>
    topKTwin(logits.subarray(row * count, (row + 1) * count), candidateCount),
  );
  for (const [row, length] of lengths.entries()) {
    const ofRow = logits.subarray(row * count, (row + 1) * count);
    const best = bestOf[row]!;
    const pairs = candidates.subarray(row * candidateCount * 2);
    pairs.set(best.flatMap(id => [0, id]));
    const values = new Float32Array(pairs.buffer, pairs.byteOffset, best.length * 2);
    for (const [rank, id] of best.entries()) values[2 * rank] = ofRow[id]!;
    // The best ones among them, some of them twice; of one text, those of other rows as well.
    const seen = Array.from({ length }, (_, i) => (isOneText ? bestOf[i % rows]! : best)[(i * i) % 7]!);
    history.set(seen, row * historyStride);
    draws[row * historyStride + length] = random.nextFloat();
    const recent = seen.slice(-settings.repetitionWindow);
    expected.push(isDecided ? sampler.sample(ofRow, recent) : undecidedId);
  }
  const buffers = await bench.allocate(drawShapes(size));
  const ids = await bench.space(rows);
  const result = await bench.space(2 * rows);
  bench.device.write(buffers.settings, 0, drawSettings(settings, capacity));
  bench.device.write(buffers.draws, 0, draws);
  bench.device.write(buffers.history, 0, history);
  bench.device.write(buffers.lengths, 0, Uint32Array.from(lengths));
  const drawn = await createDraw(bench.device, size, await bench.buffer(candidates), buffers, {
    ids,
    result,
  });
  const launch = bench.run([drawn], { position: 0, tokens: 1 });
  await bench.checkIds('draw', result, expected, { first: 0, stride: 2 }, launch);
  if (isOneText) await bench.checkIds('draw', buffers.history, [...history], { first: 0, stride: 1 }, launch);
}
