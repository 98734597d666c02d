import { type MessageImage, presentationKey } from '../../client/index.ts';
import { formatCount } from './quantities.ts';

/** "a.dcm, 512 × 512 pixels; shown as: window 40,400 LINEAR". */
export function imageInWords({
  name,
  width,
  height,
  presentation,
}: Pick<MessageImage, 'name' | 'width' | 'height' | 'presentation'>): string {
  const shown = presentation ? presentationKey(presentation) : '';
  const size = `${name}, ${formatCount(width)} × ${formatCount(height)} pixels`;
  return shown ? `${size}; shown as: ${shown}` : size;
}
