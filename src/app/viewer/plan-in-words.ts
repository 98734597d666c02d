import type { Grid, ImagePlan } from '../../client/index.ts';
import { formatCount, plural } from '../format/quantities.ts';
import type { Sight } from '../state/images/sights.ts';
import { type Cut, tileCount } from './tile-lines.ts';
import type { ViewedImage } from './viewed-image.ts';

type ImageSize = Pick<ViewedImage, 'width' | 'height'>;

/** Below this, a change of shape is left unsaid. */
const stretchUnsaid = 0.1;

/** What there is to say of a cut; a stored one may not tell how large its tiles were. */
export type CutImage = Omit<ImagePlan, 'tileSize'> & { tileSize?: number };

/** How the loaded model would cut the image, in one sentence. */
export function planInWords(plan: ImagePlan, loaded?: string): string {
  if (loaded === undefined) return cutInWords(plan, 'This model', { cut: 'cuts', see: 'sees' });
  return cutInWords(plan, `${loaded} would`, { cut: 'cut', see: 'see' });
}

/** How the image was cut for an answer, and what was kept of it. */
export function sightInWords({ model = 'The model', keptTokens, ...sight }: Sight): string {
  const cut = cutInWords(sight, model, { cut: 'cut', see: 'saw' });
  if (keptTokens === sight.visualTokens) return cut;
  const kept = `${formatCount(keptTokens)} of ${plural(sight.visualTokens, 'token')}`;
  return `${cut} Compressed: ${kept} were kept and read.`;
}

function cutInWords(
  { detailed, adaptive, tiles, tileSize, visualTokens }: CutImage,
  who: string,
  verb: { cut: string; see: string },
): string {
  const grids: string[] = [];
  if (tileCount(detailed) > 1) grids.push(`${times(...detailed)} detailed tiles`);
  if (tileCount(adaptive) > 1) grids.push(`${times(...adaptive)} tiles of a second grid`);
  const tokens = plural(visualTokens, 'token');
  const each = tileSize === undefined ? '' : ` of ${times(tileSize, tileSize)} pixels`;
  if (grids.length === 0) return `${who} ${verb.see} the image as one overview${each}, ${tokens}.`;
  return `${who} ${verb.cut} the image into ${grids.join(', ')} and one overview: ${plural(tiles, 'tile')}${each}, ${tokens}.`;
}

/** How many of the image's pixels reach the model, and whether some do not. */
export function detailInWords(
  image: ImageSize,
  plan: Cut & { tileSize: number },
): { words: string; isLost: boolean } {
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
export function stretchInWords(image: ImageSize, plan: Cut): string | null {
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

function finestGrid({ detailed, adaptive }: Cut): Grid {
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
