import type { Dispatch } from '../device/dispatch.ts';
import { createMatmul } from '../kernels/matmul.ts';
import { allocateMatrix } from '../kernels/matrix.ts';
import { createMatvec } from '../kernels/matvec.ts';
import { gpuFormats } from '../quant/gpu-formats.ts';
import type { ProcessorDevice } from './device.ts';
import type { ProbeBench } from './probe.ts';

/**
 * As many matrices, each a launch with its barrier, as a small model has in a few layers: threads that wait for each other longer than
 * they compute show. All together are 14 MB of four bits a weight: more than the cache of a core, about what the cores of a laptop
 * share. Smaller, threads would do without the memory that large models are read from; much larger, small models would be
 * given fewer threads than they can use.
 */
const matrices = 24;
const rows = 256;
const columns = 4096;
const format = gpuFormats.q4_k;
const prefillTokens = 64;

/** Of a device that has the bench and nothing else. */
export const probeBytes = 24 * 1024 * 1024;

/** Any numbers that are no zeros, which might not even lie in memory, and small enough that nothing overflows. */
const filling = 0x11;

/** The kernels that answers are made with, over numbers of no meaning. */
export async function openProbeBench(device: ProcessorDevice): Promise<ProbeBench> {
  const { memory } = device;
  const activations = await memory.storage('probe', 4 * prefillTokens * columns);
  const products = await memory.storage('probe', 4 * prefillTokens * rows);
  const state = await memory.uniform('probe', new Uint32Array([0, prefillTokens]));
  device.write(activations, 0, new Float32Array(prefillTokens * columns).fill(1));
  const decode: Dispatch[] = [];
  const prefill: Dispatch[] = [];
  for (let i = 0; i < matrices; i++) {
    const matrix = await allocateMatrix(device, 'probe', rows, columns, format);
    for (const { buffer } of matrix.parts) device.write(buffer, 0, new Uint8Array(buffer.size).fill(filling));
    decode.push(...(await createMatvec(device, matrix, activations, products)));
    if (i > 0) continue;
    const [x, y] = [
      { buffer: activations, stride: columns },
      { buffer: products, stride: rows },
    ];
    prefill.push(...(await createMatmul(device, matrix, x, y, state)));
  }
  const run = async (dispatches: readonly Dispatch[], tokens: number) => {
    const commands = device.begin();
    commands.launch(dispatches, { position: 0, tokens });
    commands.submit();
    await device.settled();
  };
  return {
    setThreads: count => device.setThreads(count),
    decode: () => run(decode, 1),
    prefill: () => run(prefill, prefillTokens),
    weights: matrices * rows * columns,
    multiplyAdds: prefillTokens * rows * columns,
  };
}
