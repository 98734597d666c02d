import type { CatalogueEntry, ErrorData } from '../../../client/index.ts';

/** Of each way to bring a model in. */
export interface SourceProps {
  kind: CatalogueEntry;
  /** What is wrong with the reader's choice; null where nothing is. */
  onError: (error: ErrorData | null) => void;
}
