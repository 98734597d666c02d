import type { Agreement, Extent, ImagePoint } from '../../client/index.ts';
import { formatCount, plural } from './quantities.ts';

/** "Box of 120 × 80 pixels, 30 from the left, 40 from the top". */
export function placeInWords(
  place: { kind: 'box'; extent: Extent } | { kind: 'point'; at: ImagePoint },
): string {
  if (place.kind === 'point') return `Point, ${fromCorner(place.at)}`;
  const { x, y, width, height } = place.extent;
  return `Box of ${whole(width)} × ${whole(height)} pixels, ${fromCorner([x, y])}`;
}

const whole = (length: number) => formatCount(Math.round(length));
const fromCorner = ([x, y]: ImagePoint) => `${whole(x)} from the left, ${whole(y)} from the top`;

/** "3 places: nodule 2, effusion 1"; those without a name are only counted. */
export function countInWords(labels: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const label of labels) if (label) counts.set(label, (counts.get(label) ?? 0) + 1);
  const total = plural(labels.length, 'place');
  if (counts.size === 0 || labels.length === 1) return total;
  return `${total}: ${[...counts].map(([label, count]) => `${label} ${count}`).join(', ')}`;
}

/** How a place agrees with a mark of the reader's. */
export function agreementInWords({
  with: mark,
  found,
}: {
  with: { kind: 'mark'; number: number } | { kind: 'asked' };
  found: Agreement;
}): string {
  const yours = mark.kind === 'mark' ? `your mark ${mark.number}` : 'the region you asked about';
  switch (found.kind) {
    case 'overlap':
      return found.share > 0 ? `IoU with ${yours}: ${found.share.toFixed(2)}` : `No overlap with ${yours}`;
    case 'hit':
      return found.isInside ? `Agrees with ${yours}: one lies in the other` : `Apart from ${yours}`;
    case 'distance':
      return `${plural(Math.round(found.pixels), 'pixel')} from ${yours}`;
  }
}
