import {
  chooseViews,
  countTokens,
  type ImageReport,
  type ModelInfo,
  type TilingSettings,
} from '../../client/index.ts';
import { formatCount } from './quantities.ts';
import { tilingModeLabels } from './tiling.ts';

/** Room for a question, the words around it and the beginning of an answer. */
export const textTokens = 256;

/** From the most detail to the least. */
export const lesserModes = ['dynamic', 'single'] as const;

/**
 * What to say where the images of one question take more than the model can read; null where they fit. "Faster, less
 * detail" is no way out: to choose what to drop, the model reads the images of a question whole.
 */
export function imageOverflowInWords(
  images: readonly Pick<ImageReport, 'width' | 'height'>[],
  { vision, contextTokens }: Pick<ModelInfo, 'vision' | 'contextTokens'>,
  tiling: TilingSettings,
): string | null {
  if (!vision) return null;
  const tokensWith = (settings: TilingSettings) =>
    images.map(image => countTokens(chooseViews(image, vision, settings)));
  const fits = (tokens: number) => tokens <= contextTokens - textTokens;
  const tokens = tokensWith(tiling);
  const total = sum(tokens);
  if (fits(total)) return null;

  const remedies: string[] = [];
  if (images.length > 1) remedies.push(fits(total - Math.max(...tokens)) ? 'remove one' : 'remove some');
  const modes = lesserModes.filter(
    mode => mode !== tiling.mode && fits(sum(tokensWith({ ...tiling, mode }))),
  );
  const labels = modes.map(mode => `“${tilingModeLabels[mode]}”`);
  if (labels.length > 0) remedies.push(`choose ${labels.join(' or ')} in the settings`);
  if (remedies.length === 0) remedies.push('choose a model that reads more at once');

  const subject = images.length > 1 ? 'These images take' : 'This image takes';
  const limit = `this model reads ${formatCount(contextTokens)} at once, question and answer included`;
  return `${subject} ${formatCount(total)} tokens; ${limit}. ${sentence(remedies.join(', or '))}`;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
