import type { ModelWork } from '../../types/model-work.ts';
import type { LlamaConfig } from './llama-config.ts';

export type LlamaSizes = Pick<
  LlamaConfig,
  'layers' | 'hidden' | 'heads' | 'kvHeads' | 'headDim' | 'feedForward' | 'vocabulary'
>;

/** Of the products and the attention that `buildLlamaLayer` and `buildLlamaHead` launch. Rows of the embedding are only read. */
export function llamaWork(c: LlamaSizes, bytesPerWeight: number): ModelWork {
  const [q, kv] = [c.heads * c.headDim, c.kvHeads * c.headDim];
  const attention = c.hidden * (q + 2 * kv) + q * c.hidden;
  const feedForward = 3 * c.hidden * c.feedForward;
  return {
    layerWeights: c.layers * (attention + feedForward),
    headWeights: c.hidden * c.vocabulary,
    bytesPerWeight,
    attention: c.layers * 2 * q,
    cached: c.layers * 2 * kv,
  };
}
