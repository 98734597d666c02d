import type { ErrorData } from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';
import type { UiStore } from '../page/ui-store.ts';
import type { SettingsController } from '../settings/settings-controller.ts';
import type { ModelLoader } from './model-loader.ts';
import type { ModelStore } from './model-store.ts';
import { isTooLarge, type SmallerPlan } from './smaller-plans.ts';

/** Keeps a chosen model through what happens to it: a lost GPU, too little memory, idle hours, other tabs. */
export class ModelKeeper {
  readonly #services: Services;
  readonly #store: ModelStore;
  readonly #loader: ModelLoader;
  readonly #settings: SettingsController;
  readonly #ui: UiStore;

  constructor(
    services: Services,
    store: ModelStore,
    loader: ModelLoader,
    settings: SettingsController,
    ui: UiStore,
  ) {
    this.#services = services;
    this.#store = store;
    this.#loader = loader;
    this.#settings = settings;
    this.#ui = ui;
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
    await this.rest();
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
  async takeSmaller(plan: SmallerPlan): Promise<void> {
    this.#loader.losses.reset();
    if (plan.kind === 'model') {
      await this.#loader.load({ entry: plan.entry, files: null }, { holds: 'from now on' });
      return;
    }
    await this.#settings.update(
      plan.kind === 'coarser' ? { precision: 'q8' } : { contextTokens: plan.contextTokens },
    );
    return this.#loader.again();
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
