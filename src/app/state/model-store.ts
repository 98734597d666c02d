import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  CatalogueEntry,
  DeviceReport,
  ErrorData,
  LoadProgress,
  ModelInfo,
  PlanModelRequest,
} from '../../client/index.ts';
import type { PickedFile } from './picked-model.ts';
import type { SmallerPlan } from './smaller-plans.ts';

export type DeviceState =
  | { status: 'probing' }
  | { status: 'ready'; report: DeviceReport }
  | { status: 'failed'; error: ErrorData };

/** What the reader opens: one file, or the text and the image half of a model, in either order; each may be in parts. */
export interface ModelFiles {
  file: PickedFile;
  visionFile?: PickedFile;
}

/**
 * The model's half of the engine's life; `engine-life.ts` puts it together with the device and the answer.
 * resting: given back to the GPU while nobody looked. elsewhere: another tab has the GPU.
 */
export type ModelPhase = 'empty' | 'loading' | 'recovering' | 'ready' | 'resting' | 'elsewhere' | 'failed';

/** A model is on its way, without anything that the reader has to do. */
export function isComing(phase: ModelPhase): boolean {
  return phase === 'loading' || phase === 'recovering';
}

export type LoadSettings = Required<Pick<PlanModelRequest, 'precision' | 'contextTokens'>>;

export interface ModelState {
  device: DeviceState;
  catalogue: CatalogueEntry[];
  phase: ModelPhase;
  /** The model that is loaded, being loaded or to be loaded again; after a failure, the one that failed. */
  entry: CatalogueEntry | null;
  /** Of a model that the user opened. */
  fileName: string | null;
  progress: LoadProgress | null;
  info: ModelInfo | null;
  /** What the latest load was asked for, of the settings that a load fixes. */
  loadedWith: LoadSettings | null;
  error: ErrorData | null;
  /** What would take less memory, where that was short. */
  smaller: SmallerPlan[];
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
    loadedWith: null,
    error: null,
    smaller: [],
    dropped: null,
    tokensPerSecond: null,
  }));
}
