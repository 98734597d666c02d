import type { Grid, ImagePlan } from '../../client/index.ts';
import { formatCount, plural } from '../format/quantities.ts';
import { tileCount } from './tile-lines.ts';
import type { ViewedImage } from './viewed-image.ts';

type ImageSize = Pick<ViewedImage, 'width' | 'height'>;

/** Below this, a change of shape is left unsaid. */
const stretchUnsaid = 0.1;

/** How the model cuts the image, in one sentence. */
export function planInWords({ detailed, adaptive, tiles, tileSize, visualTokens }: ImagePlan): string {
  const size = `${times(tileSize, tileSize)} pixels, ${plural(visualTokens, 'token')}`;
  const grids: string[] = [];
  if (tileCount(detailed) > 1) grids.push(`${times(...detailed)} detailed tiles`);
  if (tileCount(adaptive) > 1) grids.push(`${times(...adaptive)} tiles of a second grid`);
  if (grids.length === 0) return `This model sees the image as one overview of ${size}.`;
  return `This model cuts the image into ${grids.join(', ')} and one overview: ${plural(tiles, 'tile')} of ${size}.`;
}

/** How many of the image's pixels reach the model, and whether some do not. */
export function detailInWords(image: ImageSize, plan: ImagePlan): { words: string; isLost: boolean } {
  const grid = finestGrid(plan);
  const [across, down] = pixelsPerTile(image, grid);
  const isLost = across > plan.tileSize || down > plan.tileSize;
  const part = `${times(Math.round(across), Math.round(down))} image pixels`;
  const tile = times(plan.tileSize, plan.tileSize);
  const subject =
    grid === plan.detailed
      ? 'Each detailed tile'
      : grid === plan.adaptive
        ? 'Each tile of the second grid'
        : 'The overview';
  if (isLost) {
    return {
      words: `${subject} shows ${part} reduced to ${tile}: finer detail is lost to the model.`,
      isLost,
    };
  }
  const isAsStored = across === plan.tileSize && down === plan.tileSize;
  const end = isAsStored ? 'as they are.' : `enlarged to ${tile}. Enlarging adds no detail.`;
  return { words: `${subject} shows ${part} ${end}`, isLost };
}

/** Where the model sees another shape than the image has; null where that is too little to matter. */
export function stretchInWords(image: ImageSize, plan: ImagePlan): string | null {
  const layers: [string, Grid][] = [
    ['the detailed tiles', plan.detailed],
    ['the second grid', plan.adaptive],
    ['the overview', overview],
  ];
  const parts = layers.flatMap(([name, grid]) => {
    if (name !== 'the overview' && tileCount(grid) === 1) return [];
    const [across, down] = pixelsPerTile(image, grid);
    const excess = Math.max(across / down, down / across) - 1;
    // A tile that covers more down than across squeezes it: what it shows looks wider.
    return excess > stretchUnsaid
      ? [`${Math.round(excess * 100)}\u00a0% ${down > across ? 'wider' : 'taller'} in ${name}`]
      : [];
  });
  if (parts.length === 0) return null;
  return `The model sees the image stretched: ${new Intl.ListFormat('en-GB').format(parts)}.`;
}

const overview: Grid = [1, 1];

function finestGrid({ detailed, adaptive }: ImagePlan): Grid {
  if (tileCount(detailed) > 1) return detailed;
  return tileCount(adaptive) > 1 ? adaptive : overview;
}

/** Image pixels that one tile covers. */
function pixelsPerTile({ width, height }: ImageSize, [columns, rows]: Grid): Grid {
  return [width / columns, height / rows];
}

function times(across: number, down: number): string {
  return `${formatCount(across)}\u00a0×\u00a0${formatCount(down)}`;
}
