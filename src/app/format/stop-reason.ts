import type { StopReason } from '../../client/index.ts';
import { formatCount } from './quantities.ts';

/** Why an answer ended, for its footer; null where it simply came to its end. */
export function stopReasonInWords(reason: StopReason, contextTokens: number): string | null {
  const words: Record<StopReason, string | null> = {
    end: null,
    'stop-string': null,
    'max-tokens': 'reached the answer limit',
    'context-full': `reached the model's limit of ${formatCount(contextTokens)} tokens`,
    repetition: 'ended because it repeated itself',
    aborted: 'stopped by you',
  };
  return words[reason];
}
