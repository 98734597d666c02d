import type { ErrorData } from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';
import type { SettingsController } from '../settings/settings-controller.ts';
import type { ModelLoader } from './model-loader.ts';
import type { ModelStore } from './model-store.ts';
import type { ModelSuspension } from './model-suspension.ts';
import { isTooLarge, type SmallerOption } from './smaller-options.ts';

/** Brings a model back that the GPU or the worker lost, and says what to do where memory is short. */
export class ModelRecovery {
  readonly #services: Services;
  readonly #store: ModelStore;
  readonly #loader: ModelLoader;
  readonly #suspension: ModelSuspension;
  readonly #settings: SettingsController;

  constructor(
    services: Services,
    store: ModelStore,
    loader: ModelLoader,
    suspension: ModelSuspension,
    settings: SettingsController,
  ) {
    this.#services = services;
    this.#store = store;
    this.#loader = loader;
    this.#suspension = suspension;
    this.#settings = settings;
  }

  /**
   * After the model was lost: loads it again, unless that was in vain just before. Null where it is
   * back, or where something else has happened to it meanwhile; otherwise what is in the way.
   */
  async recover(lost: ErrorData, during: 'use' | 'idleness' = 'use'): Promise<ErrorData | null> {
    if (this.#store.getState().phase !== 'ready') return lost;
    const pauseMs = this.#loader.losses.note(lost, during);
    if (pauseMs === null) {
      this.#loader.fail(lost);
      return lost;
    }
    this.#store.setState({ phase: 'recovering', info: null, progress: null, error: null, refused: null });
    await this.#services.pause(pauseMs);
    // Meanwhile the reader may have chosen another model, or another tab have taken the GPU.
    if (this.#store.getState().phase !== 'recovering') return null;
    await this.#loader.again({ phase: 'recovering' });
    const { phase, error } = this.#store.getState();
    return phase === 'failed' ? (error ?? lost) : null;
  }

  /** The page shows a model that the engine no longer has. */
  async hasLost(): Promise<boolean> {
    const isReady = () => this.#store.getState().phase === 'ready';
    return isReady() && !(await this.#loader.stillLoaded()) && isReady();
  }

  /**
   * After the model was lost while nothing was asked: brings it back once. Lost again soon, less memory is offered; lost
   * again after a while, as a laptop does that sleeps now and then, it rests until it is needed.
   */
  async recoverIdle(lost: ErrorData): Promise<void> {
    const { losses } = this.#loader;
    if (!losses.areOver) return void (await this.recover(lost, 'idleness'));
    losses.reset();
    await this.#suspension.rest();
  }

  /** An answer came to its end: what was lost before it is over. */
  noteAnswered(): void {
    this.#loader.losses.reset();
    const { phase, error } = this.#store.getState();
    // An answer was too much for the memory, and this one was not: what takes less is not needed any more.
    if (phase === 'ready' && !error) this.#store.setState({ smaller: [] });
  }

  /** After an answer failed on the GPU: says whether the model went with it, and where memory was short, what takes less. */
  async noteFailure(error: ErrorData): Promise<void> {
    if (this.#store.getState().phase !== 'ready') return;
    const survivor = await this.#loader.stillLoaded();
    if (this.#store.getState().phase !== 'ready') return;
    if (!survivor) this.#loader.fail(error);
    else if (isTooLarge(error)) this.#loader.offerSmaller();
  }

  /** Loads with less of the GPU's memory; what that changes in the settings stays. */
  async takeSmaller(option: SmallerOption): Promise<void> {
    this.#loader.losses.reset();
    if (option.kind === 'model') {
      await this.#loader.load({ entry: option.entry, files: null }, { holds: 'from now on' });
      return;
    }
    await this.#settings.update(
      option.kind === 'coarser' ? { precision: option.precision } : { contextTokens: option.contextTokens },
    );
    return this.#loader.again();
  }
}
