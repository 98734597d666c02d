import type { CatalogueEntry } from '../../client/index.ts';
import { blindCopyWords, isBlindCopy } from '../format/blind-copy.ts';
import { formatBytes } from '../format/quantities.ts';
import { bytesOf } from '../state/model/model-choice.ts';
import { isSameModel } from '../state/model/model-identity.ts';
import { isComing, type ModelState, onDuty } from '../state/model/model-store.ts';
import type { NextAnswerer } from '../state/use-next-answerer.ts';

/** Who answers, and what has to be loaded for it; null where nothing can be said yet. */
export function answererInWords(answerer: NextAnswerer, state: ModelState): string | null {
  const { model, because } = answerer;
  if (state.device.status === 'failed' && state.phase !== 'ready') return null;
  if (!model) {
    if (because !== 'images') return null;
    const none = 'No model that sees images is here: what is attached cannot be answered.';
    const entry = state.meant?.entry ?? state.entry;
    return entry && isBlindCopy(entry) ? `${none} ${blindCopyWords}` : none;
  }
  const { name } = model.entry;
  const isOnDuty = isSameModel(model, onDuty(state));
  if (isOnDuty && (state.phase === 'empty' || state.phase === 'failed')) return null;
  if (isOnDuty && state.phase === 'ready') return `${name} answers`;
  if (isOnDuty && isComing(state.phase)) return `${name} answers as soon as it is loaded`;
  const size = formatBytes(bytesOf(model)).replace(' ', '\u00a0');
  return `${name} will be loaded to answer (${size})`;
}

/**
 * Why it is not the model that the reader means; null where it is, or where there is nothing to add.
 * @param meant the one that would answer a question without images
 */
export function reasonInWords(
  { model, because, followsImages }: NextAnswerer,
  meant: CatalogueEntry | undefined,
): string | null {
  if (!model) return null;
  if (because === 'images') {
    return meant && isBlindCopy(meant)
      ? `an image is attached, and this copy of ${meant.name} cannot see: the file with its image half (mmproj) is not with it`
      : 'an image is attached';
  }
  if (because === 'earlier images') return 'this conversation is about an image';
  return followsImages && !model.entry.vision ? 'it is not shown the images above' : null;
}
