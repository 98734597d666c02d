import type { LoadChoice, Precision } from '../../client/index.ts';
import { precisionWords } from './memory-names.ts';
import { formatBytes, formatCount } from './quantities.ts';

/** What a button does that loads a model smaller than it was asked for. `asked`: the precision that found no room. */
export function choiceInWords(
  { precision, contextTokens, totalBytes }: LoadChoice,
  asked: Precision,
): string {
  const cost = precision === 'q4' ? ' (less exact)' : '';
  const memory = precision === asked ? '' : `${precisionWords[precision]} conversation memory${cost}, `;
  return `Load with ${memory}up to ${formatCount(contextTokens)} tokens (${formatBytes(totalBytes)})`;
}
