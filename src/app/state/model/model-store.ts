import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  CatalogueEntry,
  DeviceReport,
  DeviceWish,
  ErrorData,
  LoadProgress,
  ModelInfo,
  PlanModelRequest,
} from '../../../client/index.ts';
import type { ModelChoice, ModelFiles } from './model-choice.ts';
import type { SmallerOption } from './smaller-options.ts';

export type DeviceState =
  | { status: 'probing' }
  | { status: 'ready'; report: DeviceReport }
  | { status: 'failed'; error: ErrorData };

/** Null where it is not known yet what computes, or nothing can. */
export const reportIn = ({ device }: Pick<ModelState, 'device'>): DeviceReport | null =>
  device.status === 'ready' ? device.report : null;

/** The model that answers what is asked without images, whichever is loaded meanwhile for one. */
export interface MeantModel extends ModelChoice {
  /** By hand, and no image was asked about since: what follows on an image is meant for it too. */
  isChosen: boolean;
}

/**
 * Which model a load makes the one that the reader means: one chosen by hand, the one of the last visit, or none, where
 * it is brought for one question.
 */
export type LoadPurpose = 'from now on' | 'by default' | 'this time';

/**
 * The model's half of the engine's life; `engine-life.ts` puts it together with the device and the answer.
 * resting: its memory was given back while nobody looked. elsewhere: another tab has the device.
 */
export type ModelPhase = 'empty' | 'loading' | 'recovering' | 'ready' | 'resting' | 'elsewhere' | 'failed';

/** A model is on its way, without anything that the reader has to do. */
export function isComing(phase: ModelPhase): boolean {
  return phase === 'loading' || phase === 'recovering';
}

export type LoadSettings = Required<Pick<PlanModelRequest, 'precision' | 'contextTokens'>> & DeviceWish;

export interface ModelState {
  device: DeviceState;
  catalogue: CatalogueEntry[];
  phase: ModelPhase;
  /** The model that is loaded, being loaded or to be loaded again; after a failure, the one that failed. */
  entry: CatalogueEntry | null;
  /** The reader's own, of `entry`; null where the site or the library brings it. */
  files: ModelFiles | null;
  /** Of a model that the user opened. */
  fileName: string | null;
  /** Null where none was chosen, or it was put away. */
  meant: MeantModel | null;
  /** Of the models that see, the one that the reader chose last. */
  seeing: ModelChoice | null;
  progress: LoadProgress | null;
  info: ModelInfo | null;
  /** What the latest load was asked for, of the settings that a load fixes. */
  loadedWith: LoadSettings | null;
  error: ErrorData | null;
  /** The model that `error` is about, where it could not be loaded. */
  refused: (ModelChoice & { holds: LoadPurpose }) | null;
  /** What would take less memory than `entry` does, where that was short. */
  smaller: SmallerOption[];
  /** Of the latest answer. */
  tokensPerSecond: number | null;
}

/** What the store says of the model on duty, and of a load. */
export type OnDuty = Omit<ModelState, 'device' | 'catalogue' | 'meant' | 'seeing'>;

export const withoutModel: OnDuty = {
  phase: 'empty',
  entry: null,
  files: null,
  fileName: null,
  progress: null,
  info: null,
  loadedWith: null,
  error: null,
  refused: null,
  smaller: [],
  tokensPerSecond: null,
};

/** The model that is loaded, on its way, or to be loaded again. */
export function onDuty({ entry, files }: Pick<ModelState, 'entry' | 'files'>): ModelChoice | null {
  return entry && { entry, files };
}

export type ModelStore = StoreApi<ModelState>;

export function createModelStore(): ModelStore {
  return createStore<ModelState>(() => ({
    ...withoutModel,
    device: { status: 'probing' },
    catalogue: [],
    meant: null,
    seeing: null,
  }));
}
