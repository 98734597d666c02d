import { expect, it } from 'vitest';
import { mostStepsInFlight } from '../../engine/models/pace/steps-in-flight.ts';
import { bench } from './bench.ts';

interface Plan {
  fileBytes: number;
  tensorBytes: number;
  contextTokens: number;
  chunkTokens: number;
  planned: { weights: number; cache: number; activations: number; total: number };
}

const plan = async (quant: string, precision: string, ...more: string[]) =>
  (await bench([
    ...['--synthetic', 'pmc-llama-13b', '--quant', quant, '--plan', '--precision', precision, ...more],
  ])) as Plan;

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
