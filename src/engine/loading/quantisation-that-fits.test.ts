import { expect, it } from 'vitest';
import { bench } from '../../cli/commands/bench.ts';
import { usualLimits } from '../../cli/input/open-device.ts';
import { syntheticModel } from '../../cli/synthetic/synthetic-model.ts';
import { syntheticVision } from '../../cli/synthetic/synthetic-vision.ts';
import type { EngineDevice } from '../device/device.ts';
import type { MemoryRequest } from '../device/memory.ts';
import type { ByteSource } from '../formats/byte-source.ts';
import { formatBytes } from '../quantities.ts';
import type { MemoryPlan } from '../types/memory.ts';
import type { Precision } from '../types/precision.ts';
import type { Quantisation } from '../types/quantisation.ts';
import { type LoadOptions, loadModel, planModel } from './load-model.ts';

const gibibyte = 2 ** 30;
const uploadBytes = 64 * 2 ** 20;
const contextTokens = 2048;

interface Small {
  kind: 'gpu' | 'processor';
  roomBytes: number;
}

/** As far as a model gets on a device without the room for it. */
const deviceWith = ({ kind, roomBytes }: Small) =>
  ({
    ...usualLimits,
    interleavesRows: kind === 'processor',
    longChunks: kind === 'gpu',
    report: { kind },
    memory: {
      bytes: 0,
      reserve: async ({ buffers, besideBytes }: MemoryRequest) => ({
        wantedBytes: buffers.reduce((sum, { bytes }) => sum + bytes, besideBytes),
        roomBytes,
      }),
    },
  }) as unknown as EngineDevice;

async function adviceOf(
  file: ByteSource,
  device: Small,
  options: Pick<LoadOptions, 'precision' | 'vision'>,
): Promise<string> {
  const refusal = loadModel(deviceWith(device), file, { ...options, contextTokens });
  const error = await refusal.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'out-of-memory' });
  return (error as { advice: string }).advice;
}

const pmcLlama = syntheticModel('pmc-llama-13b', { quantisation: 'Q4_K_M' });

/** What `bench --plan` says of a file of these formats with the shortest steps, and what passes through while it is loaded. */
async function benchedBytes(quantisation: Quantisation, precision: Precision): Promise<number> {
  const words = ['--chunk', '128', '--quant', quantisation.toLowerCase(), '--plan', '--precision', precision];
  const { planned } = (await bench(['--synthetic', 'pmc-llama-13b', ...words])) as { planned: MemoryPlan };
  return planned.total + uploadBytes;
}

it.each(['gpu', 'processor'] as const)(
  '%s: 13B in Q4_K_M that finds 8 GiB would fit as Q3_K_M',
  async kind => {
    const advice = await adviceOf(pmcLlama, { kind, roomBytes: 8 * gibibyte }, { precision: 'f16' });
    const bytes = await benchedBytes('Q3_K_M', 'f16');
    expect(formatBytes(bytes)).toBe('8.1 GB');
    expect(advice).toMatch(
      / The same model as Q3_K_M takes 8\.1 GB with a conversation of 2,048 tokens and would fit\.$/,
    );
  },
);

it.each(['gpu', 'processor'] as const)('%s: it fits where a file of it does, to the byte', async kind => {
  const limits = deviceWith({ kind, roomBytes: 0 });
  const options = { precision: 'f16', contextTokens, chunkTokens: 128 } as const;
  const file = syntheticModel('pmc-llama-13b', { quantisation: 'Q3_K_M' });
  const { memory } = await planModel(limits, file, options);
  const roomBytes = memory.total + memory.upload;
  if (kind === 'gpu') expect(roomBytes).toBe(await benchedBytes('Q3_K_M', 'f16'));
  expect(await adviceOf(pmcLlama, { kind, roomBytes }, { precision: 'f16' })).toContain(' as Q3_K_M takes');
  const less = { kind, roomBytes: roomBytes - 1 };
  expect(await adviceOf(pmcLlama, less, { precision: 'f16' })).toContain(' as Q2_K takes');
});

it('where only a coarser memory of the conversation helps, it is named: the next that does', async () => {
  const half = { kind: 'gpu', roomBytes: await benchedBytes('Q2_K', 'f16') } as const;
  expect(await adviceOf(pmcLlama, half, { precision: 'f32' })).toMatch(
    / as Q2_K takes 6\.6 GB with a conversation of 2,048 tokens and would fit with 16-bit conversation memory\.$/,
  );
  const quarter = { kind: 'gpu', roomBytes: await benchedBytes('Q2_K', 'q8') } as const;
  expect(await adviceOf(pmcLlama, quarter, { precision: 'f32' })).toMatch(
    / as Q2_K takes 5\.8 GB with .* would fit with 8-bit conversation memory\.$/,
  );
});

it('where 8 bits do not help, 4 are named with what they cost', async () => {
  const device = { kind: 'gpu', roomBytes: (await benchedBytes('Q2_K', 'q8')) - 1 } as const;
  expect(await adviceOf(pmcLlama, device, { precision: 'f16' })).toMatch(
    / as Q2_K takes .* would fit with 4-bit \(less exact\) conversation memory\.$/,
  );
});

it('where none fits, nothing is said of it', async () => {
  const device = { kind: 'gpu', roomBytes: (await benchedBytes('Q2_K', 'q4')) - 1 } as const;
  expect(await adviceOf(pmcLlama, device, { precision: 'q8' })).toBe(
    'Close other programs that use the graphics card, or choose a smaller model.',
  );
});

it('none is named that is no smaller than the file', async () => {
  const smallest = syntheticModel('pmc-llama-13b', { quantisation: 'Q2_K' });
  const device = { kind: 'gpu', roomBytes: (await benchedBytes('Q2_K', 'f16')) - 1 } as const;
  expect(await adviceOf(smallest, device, { precision: 'f16' })).not.toContain('same model');
});

it('the image half is counted with its weights as they are', async () => {
  const vision = syntheticVision(1);
  const ofLanguage = (quantisation: Quantisation) =>
    syntheticModel('mini-monkey-2b', { quantisation, layers: 2 });
  const options = { precision: 'f16', contextTokens, vision } as const;
  const { leastBytes: bytes } = await planModel(usualLimits, ofLanguage('Q4_K_M'), options);
  const advice = await adviceOf(ofLanguage('F16'), { kind: 'gpu', roomBytes: bytes }, options);
  expect(advice).toContain(`as Q4_K_M takes ${formatBytes(bytes)} with`);
  const less = { kind: 'gpu', roomBytes: bytes - 1 } as const;
  expect(await adviceOf(ofLanguage('F16'), less, options)).not.toContain('Q4_K_M');
});
