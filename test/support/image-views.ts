/** Views of an image, as tests write them down. */
import {
  countTiles,
  type Grid,
  type ImageView,
  type SeenView,
  type Size,
} from '../../src/engine/types/image-views.ts';

/** The whole image in each of these grids, but for those of one tile, and last in one: what is shown of it since the first version. */
export function viewsOf(
  { width, height }: Size,
  { detailed = [1, 1], adaptive = [1, 1] }: { detailed?: Grid; adaptive?: Grid },
  { tileSize = 448, tokensPerTile = 256 } = {},
): ImageView[] {
  const viewOf = (name: string, grid: Grid): ImageView => ({
    name,
    rectangle: { x: 0, y: 0, width, height },
    grid,
    tile: { width: tileSize, height: tileSize },
    tokens: countTiles([{ grid }]) * tokensPerTile,
    isCompressible: name === 'detailed',
  });
  const grids = [viewOf('detailed', detailed), viewOf('adaptive', adaptive)];
  return [...grids.filter(view => countTiles([view]) > 1), viewOf('overview', [1, 1])];
}

/** As the golden files say it: [1, 1] where there is no such view. */
export function gridOf(views: readonly SeenView[], wanted: string): Grid {
  return views.find(({ name }) => name === wanted)?.grid ?? [1, 1];
}
