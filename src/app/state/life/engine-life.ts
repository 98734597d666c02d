/**
 * The life of the engine as one state, made of what is known of the device, the model, and the answer being written.
 * Nothing keeps a second copy of it: the stores hold the parts, `lifeOf` names the whole, and `mayFollow` says which
 * state can come after which.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LoadProgress } from '../../../client/index.ts';
import type { ChatStore, Run } from '../conversation/chat-store.ts';
import type { ModelState, ModelStore } from '../model/model-store.ts';

export const engineStates = [
  /** Looking for the GPU. */
  'probing',
  /** A GPU, and no model. */
  'idle',
  'downloading',
  /** What arrived is being checked: the file's description, then what the GPU computes. */
  'verifying',
  'loading',
  'ready',
  /** Reading the question. */
  'prefill',
  /** Writing the answer. */
  'decode',
  'stopping',
  /** The GPU or the worker was lost; the model is being loaded again by itself. */
  'recovering',
  /** The GPU's memory was given back; the model is loaded again when it is needed. */
  'resting',
  /** Another tab has the GPU. */
  'elsewhere',
  'failed',
] as const;

export type EngineLife = (typeof engineStates)[number];

const loading: readonly EngineLife[] = ['downloading', 'verifying', 'loading'];
const answering: readonly EngineLife[] = ['prefill', 'decode', 'stopping'];
/** What ends every stay, whatever was going on: a tab that takes the GPU, a failure. */
const ends: readonly EngineLife[] = ['elsewhere', 'failed'];

/** An image attached while an answer is written can call for another model, and that load be refused: hence both ways. */
const successors: Readonly<Record<EngineLife, readonly EngineLife[]>> = {
  probing: ['idle', 'loading', ...ends],
  idle: ['probing', 'loading', ...ends],
  downloading: ['verifying', 'loading', 'ready', 'idle', 'resting', 'recovering', ...answering, ...ends],
  verifying: ['downloading', 'loading', 'ready', 'idle', 'resting', 'recovering', ...answering, ...ends],
  loading: ['downloading', 'verifying', 'ready', 'idle', 'resting', 'recovering', ...answering, ...ends],
  ready: ['loading', 'idle', 'recovering', 'resting', ...answering, ...ends],
  prefill: ['decode', 'stopping', 'ready', 'loading', 'idle', 'recovering', ...ends],
  decode: ['prefill', 'stopping', 'ready', 'loading', 'idle', 'recovering', ...ends],
  stopping: ['ready', 'loading', 'idle', 'recovering', ...ends],
  recovering: ['ready', 'loading', 'idle', 'resting', ...answering, ...ends],
  resting: ['loading', 'idle', ...ends],
  elsewhere: ['loading', 'idle', 'failed'],
  failed: ['probing', 'idle', 'ready', 'elsewhere', 'recovering', ...loading],
};

export function mayFollow(from: EngineLife, to: EngineLife): boolean {
  return successors[from].includes(to);
}

const lifeWhileLoading: Readonly<Record<LoadProgress['phase'], EngineLife>> = {
  device: 'loading',
  download: 'downloading',
  verify: 'verifying',
  header: 'verifying',
  allocate: 'loading',
  upload: 'loading',
  'self-test': 'verifying',
  tuning: 'loading',
  prepare: 'loading',
};

const lifeOfRun: Readonly<Record<Run['phase'], EngineLife>> = {
  waiting: 'ready',
  reading: 'prefill',
  answering: 'decode',
  stopping: 'stopping',
};

export function lifeOf(
  { device, phase, progress }: Pick<ModelState, 'device' | 'phase' | 'progress'>,
  run: Pick<Run, 'phase'> | null,
): EngineLife {
  switch (phase) {
    case 'empty':
      return device.status === 'probing' ? 'probing' : device.status === 'failed' ? 'failed' : 'idle';
    case 'loading':
      return progress ? lifeWhileLoading[progress.phase] : 'loading';
    case 'ready':
      return run ? lifeOfRun[run.phase] : 'ready';
    default:
      return phase;
  }
}

export type LifeStore = StoreApi<{ life: EngineLife }>;

/** Shows each move; one that cannot be is shown as well, since it has happened, and told to `onForbidden`. */
export function createLife(
  first: EngineLife,
  onForbidden: (from: EngineLife, to: EngineLife) => void,
): { store: LifeStore; moveTo(to: EngineLife): void } {
  const store: LifeStore = createStore(() => ({ life: first }));
  return {
    store,
    moveTo(to) {
      const from = store.getState().life;
      if (from === to) return;
      store.setState({ life: to });
      if (!mayFollow(from, to)) onForbidden(from, to);
    },
  };
}

/** The life that the stores make, from now on. */
export function followLife(
  models: ModelStore,
  chat: ChatStore,
  onForbidden: (from: EngineLife, to: EngineLife) => void,
): LifeStore {
  const now = () => lifeOf(models.getState(), chat.getState().run);
  const { store, moveTo } = createLife(now(), onForbidden);
  models.subscribe(() => moveTo(now()));
  chat.subscribe(() => moveTo(now()));
  return store;
}
