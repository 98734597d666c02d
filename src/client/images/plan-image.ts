import type { VisionInfo } from '../../engine/types/model.ts';
import type { TilePlan, TilingSettings } from '../../engine/types/tiling.ts';
import { planTiles } from '../../imaging/prepare.ts';
import type { ImageReport } from '../../worker/engine/engine-messages.ts';

/** How a model cuts an image, with what that takes. */
export interface ImagePlan extends TilePlan {
  /** A tile's side in pixels. */
  tileSize: number;
  /** Prompt positions, before compression. */
  visualTokens: number;
}

/**
 * Plans from the size alone, as the worker does when the question is asked: another model or setting needs no second look
 * at the pixels.
 * @param size upright, in pixels
 */
export function planImage(
  { width, height }: Pick<ImageReport, 'width' | 'height'>,
  { tileSize, tokensPerTile }: VisionInfo,
  tiling: TilingSettings,
): ImagePlan {
  const plan = planTiles(width, height, tileSize, tiling);
  return { ...plan, tileSize, visualTokens: plan.tiles * tokensPerTile };
}
