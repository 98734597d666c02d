import type { UrlSource } from '../../worker/engine/model-source.ts';
import type { CatalogueEntry, StoredSource } from './catalogue.ts';

/** Every file of a model that comes with the site or is installed: text first, then images. */
export function filesOfEntry({ file, vision }: Pick<CatalogueEntry, 'file' | 'vision'>): UrlSource[] {
  return [...partsOf(file), ...partsOf(vision?.file)];
}

/**
 * What the files of a model have together; of one that is not here, what is published, or
 * about as much as they are expected to have.
 */
export function bytesOfEntry(entry: CatalogueEntry): number {
  const files = filesOfEntry(entry);
  if (files.length > 0) return files.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
  if (entry.identity) return entry.identity.fileBytes + (entry.visionIdentity?.fileBytes ?? 0);
  if (entry.publisher?.file) return entry.publisher.file.bytes;
  return (entry.expects?.bytesApprox ?? 0) + (entry.expects?.vision?.bytesApprox ?? 0);
}

function partsOf(source: StoredSource | undefined): readonly UrlSource[] {
  if (!source) return [];
  return source.kind === 'split' ? source.parts : [source];
}
