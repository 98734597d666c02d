import { startThread } from '../../src/cli/input/processor-threads.ts';
import { acquireProcessor, type ProcessorOptions } from '../../src/engine/processor/acquire-processor.ts';
import type { ProcessorDevice } from '../../src/engine/processor/device.ts';

/** Rates that nobody measured: devices open at once, and no test depends on what else the machine does. */
export const inventedRates = { weightsPerSecond: 5e9, multiplyAddsPerSecond: 2e10 };

/** On a machine that has much else to do a thread may come late, and is not dead. */
const patienceMs = 100_000;

/** The processor with so many helpers, none: one thread. Between buffers lies what is no number and must stay it. */
export function openProcessor(threads = 0, options: ProcessorOptions = {}): Promise<ProcessorDevice> {
  return acquireProcessor({
    guardBytes: 256,
    patienceMs,
    sideBytes: 64 * 1024 * 1024,
    known: { threads: Math.max(1, threads), rates: inventedRates },
    ...(threads > 0 ? { startHelper: startThread, threads } : {}),
    ...options,
  });
}
