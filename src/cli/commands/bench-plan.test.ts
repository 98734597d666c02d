import { expect, it } from 'vitest';
import { mostStepsInFlight } from '../../engine/models/pace/steps-in-flight.ts';
import { bench } from './bench.ts';

interface Plan {
  fileBytes: number;
  tensorBytes: number;
  contextTokens: number;
  chunkTokens: number;
  planned: { weights: number; cache: number; activations: number; visionWeights?: number; total: number };
}

const planOf = async (name: string, ...more: string[]) =>
  (await bench(['--synthetic', name, '--plan', ...more])) as Plan;

const plan = (quant: string, precision: string, ...more: string[]) =>
  planOf('pmc-llama-13b', '--quant', quant, '--precision', precision, ...more);

// Of llama.cpp's files of LLaMA 13B, which has one token less.
it.each([
  ['q2_k', 4.85e9],
  ['q3_k_m', 6.34e9],
  ['q4_k_m', 7.87e9],
  ['q5_k_m', 9.23e9],
  ['q6_k', 10.68e9],
])(
  '13B as %s: the file has the usual size, and its weights take no more on the device',
  async (quant, bytes) => {
    const { fileBytes, tensorBytes, planned } = await plan(quant, 'f16');
    expect(Math.abs(fileBytes / bytes - 1)).toBeLessThan(0.01);
    expect(Math.abs(planned.weights / tensorBytes - 1)).toBeLessThan(0.02);
    expect(Math.abs(planned.weights / fileBytes - 1)).toBeLessThan(0.02);
  },
);

it.each([
  ['q3_k_m', 'f16', 8.3e9],
  ['q3_k_m', 'q8', 7.5e9],
  ['q2_k', 'q8', 6.6e9],
  ['q3_k_m', 'q4', 7.2e9],
  ['q2_k', 'q4', 5.6e9],
])('13B as %s with 2048 tokens in %s fits in %s bytes', async (quant, precision, most) => {
  const { contextTokens, chunkTokens, planned } = await plan(quant, precision);
  expect(contextTokens).toBe(2048);
  expect(chunkTokens).toBe(512);
  expect(planned.total).toBeLessThan(most);
});

// Sizes by public reference figures: matrices of 4.5 bits, the output matrix in Q6_K; LLaMA 3.1's by its parameters. What a token
// takes holds for as long as windows are: layers that have one may keep less of longer conversations.
it.each([
  ['medgemma-4b', 2.36e9, 136],
  ['llama-3.1-8b', (7.505e9 * 4.5 + 0.525e9 * 6.5625) / 8, 128],
  ['qwen3-4b', 2.36e9, 144],
  ['phi-3.5-mini', 2.17e9, 384],
  ['biomistral-7b', 4.11e9, 128],
])('%s of true depth: weights of %s bytes and %s KiB a token', async (name, bytes, kibPerToken) => {
  const { planned, contextTokens } = await planOf(name, '--context', '1024');
  expect(Math.abs(planned.weights / bytes - 1)).toBeLessThan(0.03);
  expect(contextTokens).toBe(1024);
  expect(Math.abs(planned.cache / (kibPerToken * 1024 * 1024) - 1)).toBeLessThan(0.03);
});

// As much for each layer that sees everything, and the window for the others: 20 KiB a token and 116 MiB; 4096 tokens of 128 KiB.
it.each([
  ['medgemma-4b', 276, '512'],
  ['medgemma-4b', 276, '128'],
  ['biomistral-7b', 512, '512'],
])('%s keeps %i MiB of 8192 tokens in 16 bits, read %s at once', async (name, mebibytes, chunk) => {
  const { planned, contextTokens } = await planOf(name, '--context', '8192', '--chunk', chunk);
  expect(contextTokens).toBe(8192);
  expect(planned.cache / 2 ** 20).toBeGreaterThanOrEqual(mebibytes);
  expect(planned.cache / 2 ** 20 / mebibytes).toBeLessThan(1.03);
});

it('plans the image half of a model that sees', async () => {
  const { planned } = await planOf('medgemma-4b', '--tiles', '1');
  expect(Math.abs(planned.visionWeights! / 0.84e9 - 1)).toBeLessThan(0.03);
  await expect(planOf('qwen3-4b', '--tiles', '1')).rejects.toThrow('mini-monkey-2b or medgemma-4b');
});

it('plans the steps of a prompt that are asked for', async () => {
  const long = await plan('q2_k', 'q8');
  const short = await plan('q2_k', 'q8', '--chunk', '128');
  expect(short.chunkTokens).toBe(128);
  expect(long.planned.activations).toBeGreaterThan(3 * short.planned.activations);
  expect(short.planned.weights).toBe(long.planned.weights);
});

it('refuses what it does not know', async () => {
  const refused = { code: 'invalid-request' };
  await expect(plan('q9_k', 'f16')).rejects.toMatchObject(refused);
  await expect(plan('q2_k', 'f16', '--chunk', '64')).rejects.toMatchObject(refused);
  await expect(bench(['--plan'])).rejects.toMatchObject(refused);
  for (const other of [
    ['--matvec', '64x64'],
    ['--kernels'],
    ['--synthetic', 'pmc-llama-13b', '--kernels'],
    ['x.gguf'],
  ]) {
    await expect(bench([...other, '--quant', 'q2_k'])).rejects.toThrow(
      '--quant says how the weights of --synthetic',
    );
  }
  await expect(
    bench(['--synthetic', 'pmc-llama-13b', '--type', 'q2_k', '--quant', 'q2_k', '--plan']),
  ).rejects.toMatchObject(refused);
});

it('refuses more steps in flight than are kept apart, before it opens a device', async () => {
  const words = ['--synthetic', 'pmc-llama-13b', '--adapter', 'processor', '--in-flight'];
  await expect(bench([...words, String(mostStepsInFlight + 1)])).rejects.toMatchObject({
    code: 'invalid-request',
    message: expect.stringContaining(`at most ${mostStepsInFlight}`),
  });
});
