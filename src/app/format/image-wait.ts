import {
  aboutSeconds,
  chooseViews,
  countTiles,
  countTokens,
  type ImageReport,
  keptCount,
  type ModelInfo,
  secondsOfImages,
  type TilingSettings,
} from '../../client/index.ts';
import { lesserModes } from './image-overflow.ts';
import { tilingModeLabels } from './tiling.ts';

/** In seconds; a shorter wait is left unsaid. */
const longWait = 20;

/** How images are shown to a model. */
interface Shown {
  tiling: TilingSettings;
  compressImages: boolean;
}

/**
 * What to say where the images of one question are looked at for long before its answer begins; null where they are not, or nothing
 * is known of it, as on a GPU.
 */
export function imageWaitInWords(
  images: readonly Pick<ImageReport, 'width' | 'height'>[],
  { vision, device, plan }: Pick<ModelInfo, 'vision' | 'device' | 'plan'>,
  { tiling, compressImages }: Shown,
): string | null {
  const { processor } = device;
  if (!vision || !processor) return null;
  const secondsWith = (settings: TilingSettings) => {
    const views = images.flatMap(image => chooseViews(image, vision, settings));
    const tokens = compressImages && !vision.showsWhole ? keptCount(views) : countTokens(views);
    return secondsOfImages(plan.work, processor.rates, { tiles: countTiles(views), tokens });
  };
  const seconds = secondsWith(tiling);
  if (!(seconds > longWait && Number.isFinite(seconds))) return null;
  const quicker = lesserModes
    .filter(mode => mode !== tiling.mode)
    .map(mode => ({ mode, seconds: secondsWith({ ...tiling, mode }) }))
    .findLast(each => each.seconds < seconds / 2);
  const subject = images.length > 1 ? 'These images take' : 'This image takes';
  const wait = `${subject} ${aboutSeconds(seconds)} on this device’s processor before the answer begins.`;
  return quicker
    ? `${wait} With “${tilingModeLabels[quicker.mode]}” in the settings, and less detail: ${aboutSeconds(quicker.seconds)}.`
    : wait;
}
