import { startThread } from '../../src/cli/input/processor-threads.ts';
import { acquireProcessor, type ProcessorOptions } from '../../src/engine/processor/acquire-processor.ts';
import type { ProcessorDevice } from '../../src/engine/processor/device.ts';

/** The processor with so many helpers, none: one thread. Between buffers lies what is no number and must stay it. */
export function openProcessor(threads = 0, options: ProcessorOptions = {}): Promise<ProcessorDevice> {
  return acquireProcessor({
    guardBytes: 256,
    maxBytes: 256 * 1024 * 1024,
    ...options,
    helpers: Array.from({ length: threads }, startThread),
  });
}
