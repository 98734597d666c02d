import type { Services } from '../../services/services.ts';
import type { UiStore } from '../page/ui-store.ts';
import type { ModelLoader } from './model-loader.ts';
import type { ModelStore } from './model-store.ts';

/** Takes the model off the GPU while nobody needs it here, or for another tab, and brings it back. */
export class ModelSuspension {
  readonly #services: Services;
  readonly #store: ModelStore;
  readonly #loader: ModelLoader;
  readonly #ui: UiStore;

  constructor(services: Services, store: ModelStore, loader: ModelLoader, ui: UiStore) {
    this.#services = services;
    this.#store = store;
    this.#loader = loader;
    this.#ui = ui;
  }

  /** Brings what is not there and can be: a model that rests, or one that another tab has, once that tab is gone. */
  wake(signal: AbortSignal): void {
    const { phase } = this.#store.getState();
    if (phase === 'resting') void this.#loader.again();
    if (phase === 'elsewhere') void this.#loadWhenFree(signal);
  }

  async #loadWhenFree(signal: AbortSignal): Promise<void> {
    const isHeld = await this.#services.engineLock.waitFor(signal);
    if (isHeld && this.#store.getState().phase === 'elsewhere') await this.#loader.again();
  }

  /** Frees the GPU's memory until the model is needed; another tab may use it meanwhile. */
  async rest(): Promise<void> {
    if (this.#store.getState().phase !== 'ready') return;
    this.#store.setState({ phase: 'resting', info: null });
    await this.#freeMemory();
    if (this.#store.getState().phase === 'resting') this.#services.engineLock.release();
  }

  /** Takes the GPU from the tab that has it. */
  bringHere(): Promise<void> {
    return this.#loader.again({ lock: 'take' });
  }

  /** Lets another tab have the GPU, which it may use when this has settled. */
  async giveAway(): Promise<void> {
    this.#loader.abandon();
    this.#store.setState({
      phase: 'elsewhere',
      info: null,
      progress: null,
      error: null,
      refused: null,
      smaller: [],
    });
    this.#ui.getState().announce('The model is now used in another tab');
    await this.#freeMemory();
  }

  async #freeMemory(): Promise<void> {
    try {
      await this.#services.engine.unloadModel();
    } catch {
      // A worker that is gone holds no memory any more.
    }
  }
}
