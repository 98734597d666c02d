import { type CatalogueEntry, type ErrorData, type ModelInfo, toErrorData } from '../../client/index.ts';
import type { Services } from '../services.ts';
import type { ModelStore } from './model-store.ts';
import type { SettingsController } from './settings-controller.ts';
import type { UiStore } from './ui-store.ts';

/** What goes on answering where a load fails before it touched anything. */
interface ModelBefore {
  entry: CatalogueEntry | null;
  fileName: string | null;
  file: File | null;
  wasReady: boolean;
}

const noModel: ErrorData = {
  code: 'no-model',
  message: 'No model is loaded.',
  advice: 'Choose a model, then ask again.',
};

/** Finds the GPU, loads one model at a time and lets others wait for it. */
export class ModelController {
  readonly #services: Services;
  readonly #store: ModelStore;
  readonly #settings: SettingsController;
  readonly #ui: UiStore;
  #loading: AbortController | null = null;
  /** The first choice of a model has been made: from then on, an empty phase means that nothing is coming. */
  #hasStarted = false;
  #file: File | null = null;
  #before: ModelBefore = { entry: null, fileName: null, file: null, wasReady: false };

  constructor(services: Services, store: ModelStore, settings: SettingsController, ui: UiStore) {
    this.#services = services;
    this.#store = store;
    this.#settings = settings;
    this.#ui = ui;
  }

  /** On opening: the device, the catalogue, then the model used last or the bundled one. */
  async start(): Promise<void> {
    try {
      this.#store.setState({ catalogue: await this.#services.loadCatalogue() });
    } catch (error) {
      this.#store.setState({ phase: 'failed', error: toErrorData(error) });
    }
    await this.probe();
    void this.refreshStored();
    if (this.#store.getState().device.status !== 'ready') return;
    const { catalogue } = this.#store.getState();
    const lastId = this.#settings.current.modelId;
    const bundled = catalogue.filter(entry => entry.file);
    const entry = bundled.find(candidate => candidate.id === lastId) ?? bundled[0];
    this.#hasStarted = true;
    if (entry) await this.load(entry);
  }

  async probe(): Promise<void> {
    this.#store.setState({ device: { status: 'probing' } });
    try {
      this.#store.setState({
        device: { status: 'ready', report: await this.#services.engine.probeDevice() },
      });
    } catch (error) {
      this.#store.setState({ device: { status: 'failed', error: toErrorData(error) } });
    }
  }

  /** Loads `entry` from the site, or from `file` where the user brings the weights. Settles; never throws. */
  async load(entry: CatalogueEntry, file?: File): Promise<void> {
    const source = file ? ({ kind: 'file', file } as const) : entry.file;
    if (!source) return;
    if (this.#loading) this.#loading.abort();
    else {
      // A load that takes the place of another one falls back to what was there before both.
      const { entry: lastEntry, fileName, phase } = this.#store.getState();
      this.#before = { entry: lastEntry, fileName, file: this.#file, wasReady: phase === 'ready' };
    }
    const before = this.#before;
    const loading = new AbortController();
    this.#loading = loading;
    this.#file = file ?? null;
    this.#store.setState({
      phase: 'loading',
      entry,
      fileName: file?.name ?? null,
      progress: null,
      info: null,
      error: null,
      droppedFile: null,
      tokensPerSecond: null,
    });
    try {
      const info = await this.#services.engine.loadModel({
        source,
        precision: this.#settings.current.precision,
        contextTokens: entry.contextTokens,
        signal: loading.signal,
        onProgress: progress => {
          if (this.#loading === loading) this.#store.setState({ progress });
        },
      });
      if (this.#loading !== loading) return;
      this.#store.setState({ phase: 'ready', info, progress: null });
      this.#ui.getState().announce(`${entry.name} is ready`);
      if (!file) void this.#settings.update({ modelId: entry.id });
    } catch (thrown) {
      if (this.#loading !== loading) return;
      const error = toErrorData(thrown);
      const survivor = before.wasReady ? await this.#stillLoaded() : null;
      if (this.#loading !== loading) return;
      const shown = error.code === 'aborted' ? null : error;
      if (survivor) {
        // A file that proved unsound before anything was touched: the model before it goes on answering.
        this.#file = before.file;
        const { entry: kept, fileName } = before;
        this.#store.setState({
          phase: 'ready',
          entry: kept,
          fileName,
          info: survivor,
          error: shown,
          progress: null,
        });
      } else if (shown) this.#store.setState({ phase: 'failed', error: shown, progress: null });
      else this.#store.setState({ phase: 'empty', entry: null, fileName: null, progress: null });
    } finally {
      if (this.#loading === loading) this.#loading = null;
    }
    void this.refreshStored();
  }

  async #stillLoaded(): Promise<ModelInfo | null> {
    try {
      return await this.#services.engine.loadedModel();
    } catch {
      return null; // The worker is gone, and the model with it: the error being shown says why.
    }
  }

  cancel(): void {
    this.#loading?.abort();
  }

  /** The same model once more: after a failure, a lost device or a changed precision. */
  async reload(): Promise<void> {
    const { entry } = this.#store.getState();
    if (!entry) return this.start();
    await this.load(entry, this.#file ?? undefined);
  }

  async unload(): Promise<void> {
    this.cancel();
    try {
      await this.#services.engine.unloadModel();
      this.#store.setState({ phase: 'empty', entry: null, info: null, fileName: null, error: null });
    } catch (error) {
      this.#store.setState({ phase: 'failed', error: toErrorData(error) });
    }
  }

  /** A file dropped anywhere: opened at once where only one kind of model can be meant. */
  offerFile(file: File): void {
    const candidates = this.#store.getState().catalogue.filter(entry => entry.kind === 'bring-your-own');
    const [only] = candidates;
    if (only && candidates.length === 1) void this.load(only, file);
    else this.#store.setState({ droppedFile: file });
    this.#ui.getState().openDialog({ kind: 'models' });
  }

  dismissError(): void {
    this.#store.setState({ error: null, phase: this.#store.getState().info ? 'ready' : 'empty' });
  }

  async refreshStored(): Promise<void> {
    try {
      this.#store.setState({ stored: await this.#services.engine.listStoredModels() });
    } catch {
      // Without storage there is nothing stored; what fails because of it says so itself.
      this.#store.setState({ stored: [] });
    }
  }

  async deleteStored(id: string): Promise<void> {
    try {
      await this.#services.engine.deleteStoredModel(id);
    } catch (error) {
      this.#ui.getState().showToast(toErrorData(error).message);
    }
    await this.refreshStored();
  }

  /** Settles when a model can answer (null), loading ended without one (its error), or `signal` aborts (null). */
  whenReady(signal: AbortSignal): Promise<ErrorData | null> {
    return new Promise(resolve => {
      const settle = () => {
        const { phase, error, device } = this.#store.getState();
        if (signal.aborted || phase === 'ready') finish(null);
        else if (device.status === 'failed') finish(device.error);
        else if (phase === 'failed' && error) finish(error);
        // Nothing is on its way: a cancelled load must not leave a question waiting for ever.
        else if (this.#hasStarted && phase === 'empty') finish(noModel);
      };
      const unsubscribe = this.#store.subscribe(settle);
      signal.addEventListener('abort', settle);
      const finish = (outcome: ErrorData | null) => {
        unsubscribe();
        signal.removeEventListener('abort', settle);
        resolve(outcome);
      };
      settle();
    });
  }
}
