/** Which model is meant: of the site, of the library, or the reader's own files. */
import { bytesOfEntry, type CatalogueEntry } from '../../../client/index.ts';
import { type PickedFile, sizeOf } from './picked-model.ts';

/** What the reader opens: one file, or the text and the image half of a model, in either order; each may be in parts. */
export interface ModelFiles {
  file: PickedFile;
  visionFile?: PickedFile;
}

/** A model that can be loaded. */
export interface ModelChoice {
  entry: CatalogueEntry;
  /** The reader's own; null where the site or the library brings it. */
  files: ModelFiles | null;
}

/** Of all its files; of one that is not here, about as much as they are expected to have. */
export function bytesOf({ entry, files }: ModelChoice): number {
  if (files) return sizeOf(files.file) + (files.visionFile ? sizeOf(files.visionFile) : 0);
  return bytesOfEntry(entry);
}
