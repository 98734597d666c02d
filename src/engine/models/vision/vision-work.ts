import type { TileWork } from '../../types/model-work.ts';
import type { VisionConfig } from './vision-file.ts';

export type VisionSizes = Pick<
  VisionConfig,
  | 'kind'
  | 'layers'
  | 'hidden'
  | 'feedForward'
  | 'side'
  | 'patchSize'
  | 'positions'
  | 'tokensPerTile'
  | 'projected'
>;

/** Of the products and the attention that `buildInternVit` or `buildSiglip` launches for one tile. */
export function visionWork(c: VisionSizes): TileWork {
  const embedding = c.side ** 2 * 3 * c.patchSize ** 2 * c.hidden;
  const products = c.positions * (4 * c.hidden ** 2 + 2 * c.hidden * c.feedForward);
  const attention = 2 * c.positions ** 2 * c.hidden;
  const perToken =
    c.kind === 'siglip' ? c.hidden * c.projected : 4 * c.hidden * c.projected + c.projected ** 2;
  return {
    multiplyAdds: embedding + c.layers * (products + attention) + c.tokensPerTile * perToken,
    tokens: c.tokensPerTile,
  };
}
