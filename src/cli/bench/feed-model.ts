import { prefill } from '../../engine/generation/prefill.ts';
import type { Prompt } from '../../engine/generation/prompt.ts';
import type { LanguageModel } from '../../engine/loading/load-model.ts';
import type { VisionConfig } from '../../engine/models/vision/vision-file.ts';
import { sampleTensorBytes } from '../../engine/quant/sample-blocks.ts';

/** Ordinary tokens, the same for the same count. The first three ids of a vocabulary are special. */
export function sampleIds(vocabulary: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => 3 + ((i * 7919) % (vocabulary - 3)));
}

/** Puts a prompt into the empty cache, as the product does, up to its last token's logits. */
export async function feed(model: LanguageModel, prompt: Prompt): Promise<void> {
  model.cache.truncate(0);
  await prefill(model, prompt, {});
}

/** Noise in place of pixels: tiles of [tileSize, tileSize, 3] u8. */
export function noiseTiles({ tileSize }: VisionConfig, tiles: number): Uint8Array[] {
  const bytes = tileSize * tileSize * 3;
  const noise = sampleTensorBytes('Q8_0', Math.ceil(bytes / 34) * 32, 1).subarray(0, bytes);
  return Array.from({ length: tiles }, () => noise);
}
