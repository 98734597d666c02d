import {
  type CatalogueEntry,
  greedySampling,
  mildSampling,
  type SamplingSettings,
} from '../../../client/index.ts';
import type { ModelState } from './model-store.ts';

export interface SamplingInForce {
  settings: SamplingSettings;
  /** Who wants it so. */
  by: 'reader' | 'catalogue' | 'file' | 'Bedside';
  /** What the file recommends beside it and is not done. */
  notFollowed: readonly string[];
}

/**
 * How words are chosen: as the reader wants it, where the reader has said so; else as the catalogue means its models to answer,
 * or as the file of another recommends, or a little varied. Where a file recommends anything, no step is added of which it
 * does not speak: only a temperature there must be.
 */
export function samplingInForce(
  chosen: SamplingSettings | null,
  { entry, info }: Pick<ModelState, 'entry' | 'info'>,
): SamplingInForce {
  if (chosen) return { settings: chosen, by: 'reader', notFollowed: [] };
  if (!entry || isKnown(entry)) {
    return { settings: { ...greedySampling, ...entry?.sampling }, by: 'catalogue', notFollowed: [] };
  }
  const { settings = {}, notFollowed = [] } = info?.sampling ?? {};
  if (Object.keys(settings).length === 0) return { settings: mildSampling, by: 'Bedside', notFollowed };
  const { temperature } = mildSampling;
  return { settings: { ...greedySampling, temperature, ...settings }, by: 'file', notFollowed };
}

/** Every model of the catalogue has a card, and a file that is none of them has not. */
const isKnown = ({ kind, card }: CatalogueEntry): boolean => kind === 'demonstration' || card !== undefined;
