import type { CatalogueEntry } from '../../client/index.ts';

/** Whether a model was made to see images, and its image half is not with this copy. */
export function isBlindCopy({ identity, vision }: Pick<CatalogueEntry, 'identity' | 'vision'>): boolean {
  return identity?.hasImagePlaces === true && vision === undefined;
}

/** What to do about it. */
export const blindCopyWords =
  'This copy cannot see images: the file with its image half (mmproj) is not with it. Its publisher gives that file beside this one; open both at once.';
