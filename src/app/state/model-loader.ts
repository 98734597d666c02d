import {
  type CatalogueEntry,
  type ErrorData,
  type ModelInfo,
  type PlanModelRequest,
  toErrorData,
} from '../../client/index.ts';
import type { Services } from '../services.ts';
import { ModelLosses } from './model-losses.ts';
import type { LoadSettings, ModelFiles, ModelStore } from './model-store.ts';
import { nameOf, sourceOf } from './picked-model.ts';
import type { SettingsController } from './settings-controller.ts';
import { isTooLarge, smallerPlans } from './smaller-plans.ts';
import type { UiStore } from './ui-store.ts';

/** What goes on answering where a load fails before it touched anything. */
interface ModelBefore {
  entry: CatalogueEntry | null;
  fileName: string | null;
  files: ModelFiles | null;
  wasReady: boolean;
}

export interface LoadManner {
  /** Whether this model is the one that the reader means from now on. */
  holds: 'from now on' | 'this time';
  phase?: 'loading' | 'recovering';
  /** Where another tab has the GPU: leave it there, or take it. */
  lock?: 'if free' | 'take';
}

/** Brings one model at a time onto the GPU, if this tab has the GPU. Nothing here throws: what fails is in the store. */
export class ModelLoader {
  readonly losses = new ModelLosses();
  readonly #services: Services;
  readonly #store: ModelStore;
  readonly #settings: SettingsController;
  readonly #ui: UiStore;
  #loading: AbortController | null = null;
  #files: ModelFiles | null = null;
  #before: ModelBefore = { entry: null, fileName: null, files: null, wasReady: false };

  constructor(services: Services, store: ModelStore, settings: SettingsController, ui: UiStore) {
    this.#services = services;
    this.#store = store;
    this.#settings = settings;
    this.#ui = ui;
  }

  /** The reader's own, of the model in the store; null where the site brings it. */
  get files(): ModelFiles | null {
    return this.#files;
  }

  async load(
    entry: CatalogueEntry,
    files: ModelFiles | null,
    { holds, phase = 'loading', lock = 'if free' }: LoadManner,
  ): Promise<void> {
    const request = this.requestFor(entry, files);
    if (!request) return;
    if (this.#loading) this.#loading.abort();
    else {
      // A load that takes the place of another one falls back to what was there before both.
      const { entry: lastEntry, fileName, phase: lastPhase } = this.#store.getState();
      this.#before = { entry: lastEntry, fileName, files: this.#files, wasReady: lastPhase === 'ready' };
    }
    const before = this.#before;
    const loading = new AbortController();
    this.#loading = loading;
    this.#files = files;
    this.#store.setState({
      phase,
      entry,
      fileName: files ? namesOf(files) : null,
      progress: null,
      info: null,
      loadedWith: { precision: request.precision, contextTokens: request.contextTokens },
      error: null,
      smaller: [],
      dropped: null,
      tokensPerSecond: null,
    });
    try {
      if (!(await this.#acquire(lock))) {
        if (this.#loading === loading) this.#store.setState({ phase: 'elsewhere' });
        return;
      }
      const info = await this.#loadThroughLosses(request, loading);
      if (this.#loading !== loading) return;
      this.#store.setState({ phase: 'ready', info, progress: null });
      this.#ui.getState().announce(`${entry.name} is ready`);
      if (!files && holds === 'from now on') void this.#settings.update({ modelId: entry.id });
    } catch (thrown) {
      if (this.#loading !== loading) return;
      const error = toErrorData(thrown);
      const survivor = before.wasReady ? await this.stillLoaded() : null;
      if (this.#loading !== loading) return;
      const shown = error.code === 'aborted' ? null : error;
      if (survivor) {
        // A file that proved unsound before anything was touched: the model before it goes on answering.
        this.#files = before.files;
        const { entry: kept, fileName } = before;
        this.#store.setState({
          phase: 'ready',
          entry: kept,
          fileName,
          info: survivor,
          error: shown,
          progress: null,
        });
      } else if (shown) this.fail(shown);
      else {
        this.#services.engineLock.release();
        this.#store.setState({ phase: 'empty', entry: null, fileName: null, progress: null });
      }
    } finally {
      if (this.#loading === loading) this.#loading = null;
    }
  }

  /** The model in the store once more. */
  async again(manner: Partial<LoadManner> = {}): Promise<void> {
    const { entry } = this.#store.getState();
    if (entry) await this.load(entry, this.#files, { holds: 'this time', ...manner });
  }

  cancel(): void {
    this.#loading?.abort();
  }

  /** Ends a load without a word: whoever calls this says what becomes of the model. */
  abandon(): void {
    const loading = this.#loading;
    this.#loading = null;
    loading?.abort();
  }

  fail(error: ErrorData): void {
    this.#store.setState({ phase: 'failed', info: null, progress: null, error });
    // Where the device was tried, the error says itself what would fit.
    const isOpen = !error.choices?.length;
    if (isOpen && (isTooLarge(error) || this.losses.areTooMany)) this.offerSmaller();
  }

  offerSmaller(): void {
    const { entry, catalogue, info } = this.#store.getState();
    if (!entry) return;
    const failed = { entry, files: this.#files, contextTokens: info?.contextTokens };
    this.#store.setState({ smaller: smallerPlans(failed, this.#settings.current, catalogue) });
  }

  /** The model that the engine holds after something failed. */
  async stillLoaded(): Promise<ModelInfo | null> {
    try {
      return await this.#services.engine.loadedModel();
    } catch {
      return null; // The worker is gone, and the model with it: the error being shown says why.
    }
  }

  /** Null of a model whose files the reader has not chosen yet. */
  requestFor(entry: CatalogueEntry, files: ModelFiles | null): (PlanModelRequest & LoadSettings) | null {
    const source = files ? sourceOf(files.file) : entry.file;
    if (!source) return null;
    const vision = files ? files.visionFile && sourceOf(files.visionFile) : entry.vision?.file;
    const { precision, contextTokens } = this.#settings.current;
    return {
      source,
      ...(vision ? { vision } : {}),
      precision,
      contextTokens: contextTokens || entry.contextTokens,
    };
  }

  async #acquire(lock: LoadManner['lock']): Promise<boolean> {
    const { engineLock } = this.#services;
    if (engineLock.isHeld) return true;
    if (lock !== 'take') return engineLock.tryAcquire();
    await engineLock.takeOver();
    return true;
  }

  /** A GPU that is lost while a model is loaded is met with one more attempt. */
  async #loadThroughLosses(request: PlanModelRequest, loading: AbortController): Promise<ModelInfo> {
    for (;;) {
      try {
        return await this.#services.engine.loadModel({
          ...request,
          signal: loading.signal,
          onProgress: progress => {
            if (this.#loading === loading) this.#store.setState({ progress });
          },
        });
      } catch (thrown) {
        if (this.#loading !== loading) throw thrown;
        const pauseMs = this.losses.note(toErrorData(thrown));
        if (pauseMs === null) throw thrown;
        this.#store.setState({ phase: 'recovering', progress: null });
        await this.#services.pause(pauseMs);
      }
    }
  }
}

function namesOf({ file, visionFile }: ModelFiles): string {
  return visionFile ? `${nameOf(file)} and ${nameOf(visionFile)}` : nameOf(file);
}
