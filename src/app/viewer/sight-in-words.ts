import { countTiles, countTokens, type SeenView, type Size } from '../../client/index.ts';
import { formatCount, plural } from '../format/quantities.ts';
import type { Sight } from '../state/images/sights.ts';
import { hasSeveralTiles, shownPart } from './tile-lines.ts';
import { viewWords } from './view-words.ts';

/** Below this, a change of shape is left unsaid. */
const stretchUnsaid = 0.1;

/** What the loaded model would see of the image, in one sentence. */
export function viewsInWords(views: readonly SeenView[], loaded?: string): string {
  if (loaded === undefined) return cutInWords(views, 'This model', { cut: 'cuts', see: 'sees' });
  return cutInWords(views, `${loaded} would`, { cut: 'cut', see: 'see' });
}

/** What a model saw of it for an answer, and what was kept of that. */
export function sightInWords({ model = 'The model', keptTokens, views }: Sight): string {
  const who = model.replace(/^a file/, 'A file');
  const cut = cutInWords(views, who, { cut: 'cut', see: 'saw' });
  const tokens = countTokens(views);
  if (keptTokens === tokens) return cut;
  const kept = `${formatCount(keptTokens)} of ${plural(tokens, 'token')}`;
  return `${cut} Compressed: ${kept} were kept and read.`;
}

function cutInWords(views: readonly SeenView[], who: string, verb: { cut: string; see: string }): string {
  const parts = new Intl.ListFormat('en-GB').format(views.map(partInWords));
  const tokens = plural(countTokens(views), 'token');
  const each = tileInWords(views);
  const tiles = countTiles(views);
  if (tiles === 1) return `${who} ${verb.see} the image as ${parts}${each}, ${tokens}.`;
  return `${who} ${verb.cut} the image into ${parts}: ${plural(tiles, 'tile')}${each}, ${tokens}.`;
}

function partInWords(view: SeenView): string {
  const isCut = hasSeveralTiles(view);
  const { tiles, tile = tiles } = viewWords(view.name, isCut);
  return isCut ? `${times(...view.grid)} ${tiles}` : `one ${tile}`;
}

/** Where all tiles are of one size, and that is known. */
function tileInWords(views: readonly SeenView[]): string {
  const sizes = new Set(
    views.map(({ tile }) => (tile ? ` of ${times(tile.width, tile.height)} pixels` : '')),
  );
  return sizes.size === 1 ? [...sizes][0]! : '';
}

/**
 * How many of the image's pixels reach the model, and whether some do not; null where it is not known how large the tiles
 * were. A view that cuts the image speaks for the others.
 */
export function detailInWords(
  image: Size,
  views: readonly SeenView[],
): { words: string; isLost: boolean } | null {
  const view = views.find(hasSeveralTiles) ?? views[0];
  if (!view?.tile) return null;
  const { width, height } = view.tile;
  const { width: across, height: down } = pixelsPerTile(image, view);
  const isLost = across > width || down > height;
  const part = `${times(Math.round(across), Math.round(down))} image pixels`;
  const size = times(width, height);
  const subject = viewWords(view.name, hasSeveralTiles(view)).each;
  if (isLost) {
    return {
      words: `${subject} shows ${part} reduced to ${size}: finer detail is lost to the model.`,
      isLost,
    };
  }
  const isAsStored = across === width && down === height;
  const end = isAsStored ? 'as they are.' : `enlarged to ${size}. Enlarging adds no detail.`;
  return { words: `${subject} shows ${part} ${end}`, isLost };
}

/** Where the model sees another shape than the image has; null where that is too little to matter. */
export function stretchInWords(image: Size, views: readonly SeenView[]): string | null {
  const parts = views.flatMap(view => {
    const { width: across, height: down } = pixelsPerTile(image, view);
    // Square, where it was not stored.
    const shape = view.tile ? view.tile.width / view.tile.height : 1;
    const excess = Math.max(across / down / shape, (down / across) * shape) - 1;
    // A tile that covers more down than across squeezes it: what it shows looks wider.
    const isWider = down * shape > across;
    return excess > stretchUnsaid
      ? [
          `${Math.round(excess * 100)}\u00a0% ${isWider ? 'wider' : 'taller'} in ${viewWords(view.name, hasSeveralTiles(view)).all}`,
        ]
      : [];
  });
  if (parts.length === 0) return null;
  return `The model sees the image stretched: ${new Intl.ListFormat('en-GB').format(parts)}.`;
}

/** Image pixels that one tile covers. */
function pixelsPerTile(image: Size, view: SeenView): Size {
  const { width, height } = shownPart(view, image);
  const [columns, rows] = view.grid;
  return { width: width / columns, height: height / rows };
}

function times(across: number, down: number): string {
  return `${formatCount(across)}\u00a0×\u00a0${formatCount(down)}`;
}
