import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CatalogueEntry, DeviceReport, ErrorData, LoadProgress, ModelInfo } from '../../client/index.ts';
import type { PickedFile } from './picked-model.ts';

export type DeviceState =
  | { status: 'probing' }
  | { status: 'ready'; report: DeviceReport }
  | { status: 'failed'; error: ErrorData };

/** What the reader opens: one file, or the text and the image half of a model, in either order; each may be in parts. */
export interface ModelFiles {
  file: PickedFile;
  visionFile?: PickedFile;
}

export type ModelPhase = 'empty' | 'loading' | 'ready' | 'failed';

export interface ModelState {
  device: DeviceState;
  catalogue: CatalogueEntry[];
  phase: ModelPhase;
  /** The model that is loaded or being loaded; after a failure, the one that failed. */
  entry: CatalogueEntry | null;
  /** Of a model that the user opened. */
  fileName: string | null;
  progress: LoadProgress | null;
  info: ModelInfo | null;
  error: ErrorData | null;
  stored: { id: string; bytes: number }[];
  /** Files dropped on the page, waiting to be told which kind of model they are. */
  dropped: ModelFiles | null;
  /** Of the latest answer. */
  tokensPerSecond: number | null;
}

export type ModelStore = StoreApi<ModelState>;

export function createModelStore(): ModelStore {
  return createStore<ModelState>(() => ({
    device: { status: 'probing' },
    catalogue: [],
    phase: 'empty',
    entry: null,
    fileName: null,
    progress: null,
    info: null,
    error: null,
    stored: [],
    dropped: null,
    tokensPerSecond: null,
  }));
}
