import type { TileWork } from '../../types/model-work.ts';
import type { VisionConfig } from './vision-config.ts';

export type VisionSizes = Pick<
  VisionConfig,
  'layers' | 'hidden' | 'feedForward' | 'patchSize' | 'positions' | 'tokensPerTile' | 'projected'
>;

/** Of the products and the attention that `buildInternVit` launches for one tile. */
export function visionWork(c: VisionSizes): TileWork {
  const embedding = (c.positions - 1) * 3 * c.patchSize ** 2 * c.hidden;
  const products = c.positions * (4 * c.hidden ** 2 + 2 * c.hidden * c.feedForward);
  const attention = 2 * c.positions ** 2 * c.hidden;
  const projector = c.tokensPerTile * (4 * c.hidden * c.projected + c.projected ** 2);
  return {
    multiplyAdds: embedding + c.layers * (products + attention) + projector,
    tokens: c.tokensPerTile,
  };
}
