import { pagePositions } from '../../engine/kernels/cache-format.ts';
import { matrixBytes } from '../../engine/kernels/matrix.ts';
import type { LanguageModel } from '../../engine/loading/load-model.ts';
import { hasWindow } from '../../engine/models/llama/llama-config.ts';

/** Bytes that a step reads: every matrix but the embedding (one row of it), and what its last token sees of the KV cache. */
export function readBytes(model: LanguageModel, context: number): number {
  const { cache, config } = model;
  const tied = !model.matrices.has('output.weight');
  let bytes = 0;
  for (const [name, matrix] of model.matrices) {
    if (name !== 'token_embd.weight' || tied) bytes += matrixBytes(matrix);
  }
  const positions = Math.min(context, config.contextTokens);
  for (const layer of cache.layers.keys()) {
    const seen = hasWindow(config, layer) ? Math.min(positions, config.window!.tokens) : positions;
    bytes += (2 * cache.pageBytes * seen) / pagePositions;
  }
  return bytes;
}
