import { allocateMatrix } from '../../src/engine/kernels/matrix.ts';
import { createMatvec } from '../../src/engine/kernels/matvec.ts';
import type { ProcessorDevice } from '../../src/engine/processor/device.ts';
import { gpuFormats } from '../../src/engine/quant/gpu-formats.ts';

/** Rows of a chunk: processor/linear/matvec.ts. */
export const chunkRows = 32;
const columns = 4096;

/** A product that adds one to each of its rows, so that the rows say how much was computed, chunk by chunk. */
export interface CountedWork {
  readonly chunks: number;
  /** Submits the product so many times in one list. */
  submit(times: number): void;
  /** Does so right behind the next commands that anyone submits. */
  followNextSubmit(times: number): void;
  /** Rows computed until now, of all launches; read beside the threads that compute. */
  rowsDone(): number;
  /** How often each chunk's rows were computed. */
  perRow(): number[];
}

/** @param chunks of one product, each of some 0.1 million weights */
export async function countedWork(device: ProcessorDevice, chunks = 16): Promise<CountedWork> {
  const rows = chunks * chunkRows;
  const matrix = await allocateMatrix(device, 'counted', rows, columns, gpuFormats.f32);
  const weights = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) weights[row * columns] = 1;
  device.write(matrix.parts[0]!.buffer, 0, weights);
  const x = await device.memory.storage('counted x', 4 * columns);
  device.write(x, 0, new Float32Array(columns).fill(1, 0, 1));
  const y = await device.memory.storage('counted y', 4 * rows);
  const product = await createMatvec(device, matrix, x, y, { accumulate: true });
  await device.settled();
  const counts = () => {
    const { buffer, byteOffset } = y.bytes;
    return Array.from(new Float32Array(buffer, byteOffset, rows));
  };
  const submit = (times: number) => {
    const commands = device.begin();
    commands.launch(Array.from({ length: times }, () => product).flat(), { position: 0, tokens: 1 });
    commands.submit();
  };
  return {
    chunks,
    submit,
    followNextSubmit(times) {
      device.begin = () => {
        Reflect.deleteProperty(device, 'begin');
        const commands = device.begin();
        const only = commands.submit.bind(commands);
        commands.submit = () => {
          only();
          submit(times);
        };
        return commands;
      };
    },
    rowsDone: () => counts().reduce((sum, count) => sum + count, 0),
    perRow: counts,
  };
}

/** At once, or some turns later: then minutes of work follow the next submit, so that a wait for it is not over before. */
export function stopLater(work: CountedWork, stop: AbortController, turns: number): void {
  if (turns > 0) work.followNextSubmit(20_000);
  const wait = (left: number): void => {
    if (left === 0) stop.abort();
    else setImmediate(() => wait(left - 1));
  };
  wait(turns);
}
