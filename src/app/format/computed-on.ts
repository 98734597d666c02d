import type { ActivationBits, ComputedOn, Message } from '../../client/index.ts';
import { plural } from './quantities.ts';

/** How far numbers are rounded on their way through a processor. */
export const roundingWords: Readonly<Record<ActivationBits, string>> = {
  32: 'exact',
  16: 'rounded to 16 bits',
  8: 'rounded to 8 bits',
};

/**
 * E.g. "computed on the processor (4 threads, products exact)"; undefined where it is not known. Of the products alone: what is kept of
 * the conversation may be rounded all the same.
 */
export function computedOnInWords({ computedOn = [] }: Pick<Message, 'computedOn'>): string | undefined {
  if (computedOn.length === 0) return undefined;
  return `computed on ${computedOn.map(computerInWords).join(', then on ')}`;
}

function computerInWords({ kind, adapter, threads, activationBits }: ComputedOn): string {
  if (kind === 'gpu') return adapter ?? 'the GPU';
  const facts = [
    threads && plural(threads, 'thread'),
    activationBits && `products ${roundingWords[activationBits]}`,
  ];
  const known = facts.filter(Boolean).join(', ');
  return `the processor${known && ` (${known})`}`;
}
