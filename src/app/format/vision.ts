import {
  countTiles,
  countTokens,
  type SeenView,
  type VisionProgress,
  type VisionUse,
} from '../../client/index.ts';
import { formatCount, plural } from './quantities.ts';

/** What is being done with the images of a question. */
export function visionInWords(progress: VisionProgress): string {
  switch (progress.phase) {
    case 'decoding':
      return progress.images > 1
        ? `Decoding image ${progress.image} of ${progress.images}`
        : 'Decoding the image';
    case 'tiles': {
      // Counted from the one in work.
      const tile = Math.min(progress.done + 1, progress.total);
      const which =
        progress.images > 1 ? `Image ${progress.image} of ${progress.images}, tile` : 'Image tile';
      return `${which} ${tile} of ${progress.total}`;
    }
    case 'compressing':
      return 'Choosing tokens';
  }
}

/** 0 to 1 of the step in work; null where it has no length. */
export function visionShare(progress: VisionProgress): number | null {
  if (progress.phase === 'decoding' || progress.total === 0) return null;
  return progress.done / progress.total;
}

/** What the model saw: "19 tiles, 4,864 tokens", or what compression kept of the tokens. */
export function visionUseInWords({ images }: VisionUse): string {
  const views = images.flatMap(image => image.views);
  const kept = images.reduce((total, { keptTokens }) => total + keptTokens, 0);
  if (kept >= countTokens(views)) return viewsInWords(views);
  const tiles = plural(countTiles(views), 'tile');
  return `${tiles}; compressed: ${formatCount(kept)} of ${plural(countTokens(views), 'token')} kept`;
}

/** "19 tiles, 4,864 tokens". */
export function viewsInWords(views: readonly SeenView[]): string {
  return `${plural(countTiles(views), 'tile')}, ${plural(countTokens(views), 'token')}`;
}
