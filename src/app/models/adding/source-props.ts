import type { CatalogueEntry } from '../../../client/index.ts';

/** Of each way to bring a model in. */
export interface SourceProps {
  kind: CatalogueEntry;
}
