import type { EngineDevice } from '../../engine/device/device.ts';
import { acquireProcessor } from '../../engine/processor/acquire-processor.ts';
import { sentence } from '../../engine/sentence.ts';
import { type Arguments, badArgument } from './arguments.ts';
import { startThread } from './processor-threads.ts';

/** More than this are of no use: memory is the limit long before. */
const mostThreads = 64;

/**
 * The machine's own processor, with the threads that --threads says; one unless told. Those beyond the first need memory that
 * threads share.
 * @throws `invalid-request`, `out-of-memory`
 */
export function openProcessor(args: Arguments): Promise<EngineDevice> {
  const threads = args.integer('threads') ?? 1;
  if (threads < 1 || threads > mostThreads)
    throw badArgument(
      sentence`threads-option: --threads must be from 1 to ${{ most: mostThreads }}, not ${{ found: threads }}.`,
    );
  const helpers = threads === 1 ? [] : Array.from({ length: threads }, startThread);
  return acquireProcessor({ helpers });
}
