import type { ImageFacts } from '../../../client/index.ts';

/** What an image's values are measured in, such as HU; empty where its file does not say. */
export function unitOf(facts: Pick<ImageFacts, 'dicom'> | null): string {
  const { huPresets = false, rescale = null } = facts?.dicom?.meta ?? {};
  if (huPresets) return 'HU';
  // US: unspecified.
  return rescale?.type && rescale.type !== 'US' ? rescale.type : '';
}
