import type { ImagePlan, VisionProgress, VisionUse } from '../../client/index.ts';
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
  const sum = (part: 'tiles' | 'visualTokens' | 'keptTokens') =>
    images.reduce((total, image) => total + image[part], 0);
  const tiles = plural(sum('tiles'), 'tile');
  const tokens = plural(sum('visualTokens'), 'token');
  const kept = sum('keptTokens');
  return kept < sum('visualTokens')
    ? `${tiles}; compressed: ${formatCount(kept)} of ${tokens} kept`
    : `${tiles}, ${tokens}`;
}

export function planInWords({ tiles, visualTokens }: ImagePlan): string {
  return `${plural(tiles, 'tile')}, ${plural(visualTokens, 'token')}`;
}
