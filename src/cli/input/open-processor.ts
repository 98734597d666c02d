import { availableParallelism } from 'node:os';
import type { EngineDevice } from '../../engine/device/device.ts';
import { acquireProcessor } from '../../engine/processor/acquire-processor.ts';
import { sentence } from '../../engine/sentence.ts';
import type { ProcessorFacts } from '../../engine/types/device.ts';
import { type ActivationBits, activationBits } from '../../engine/types/device-choice.ts';
import { type Arguments, badArgument } from './arguments.ts';
import { startThread } from './processor-threads.ts';

/** More than this are of no use: memory is the limit long before. */
const mostThreads = 64;

/**
 * The machine's own processor, with the threads that --threads says, or as many as a short probe finds of use. Says on standard
 * error which and how fast. With --rounded products round their activations.
 * @throws `invalid-request`, `out-of-memory`
 */
export async function openProcessor(args: Arguments): Promise<EngineDevice> {
  const threads = args.integer('threads');
  if (threads !== undefined && (threads < 1 || threads > mostThreads))
    throw badArgument(
      sentence`threads-option: --threads must be from 1 to ${{ most: mostThreads }}, not ${{ found: threads }}.`,
    );
  const bits = readActivationBits(args);
  const device = await acquireProcessor({
    activationBits: bits,
    ...(threads === 1
      ? {}
      : { startHelper: startThread, threads, mostThreads: Math.min(availableParallelism(), mostThreads) }),
  });
  const facts = device.report.processor;
  if (facts) process.stderr.write(`${describeProcessor(facts)}\n`);
  return device;
}

/** In one line. */
export function describeProcessor({ threads, oneThreadBecause, rates }: ProcessorFacts): string {
  const weights = (rates.weightsPerSecond / 1e9).toFixed(1);
  const because = oneThreadBecause ? ' (others could not be started)' : '';
  return `Processor: ${threads} ${threads === 1 ? 'thread' : 'threads'}${because}, ${weights} billion weights a second.`;
}

/** Exact unless told to round. */
function readActivationBits(args: Arguments): ActivationBits {
  const text = args.text('rounded');
  if (text === undefined) return 32;
  const bits = activationBits.find(each => String(each) === text && each !== 32);
  if (!bits)
    throw badArgument(sentence`rounded-option: --rounded must be 16 or 8, not "${{ found: text }}".`);
  return bits;
}
