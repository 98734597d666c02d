import {
  type CatalogueEntry,
  type ErrorData,
  type ModelInfo,
  type ModelPlan,
  type PlanModelRequest,
  toErrorData,
} from '../../client/index.ts';
import type { Services } from '../services.ts';
import type { ModelFiles, ModelStore } from './model-store.ts';
import { nameOf, type PickedFile, sourceOf } from './picked-model.ts';
import type { SettingsController } from './settings-controller.ts';
import type { UiStore } from './ui-store.ts';

/** What goes on answering where a load fails before it touched anything. */
interface ModelBefore {
  entry: CatalogueEntry | null;
  fileName: string | null;
  files: ModelFiles | null;
  wasReady: boolean;
}

const noModel: ErrorData = {
  code: 'no-model',
  message: 'No model is loaded.',
  advice: 'Choose a model, then ask again.',
};

export const noVisionModel: ErrorData = {
  code: 'no-vision-model',
  message: 'The model that is loaded reads text alone: it cannot see an image.',
  advice: 'Choose a model that sees images, then ask again. The image and the question are kept.',
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
  /** An image was attached before there was a choice. */
  #startsWithVision = false;
  #files: ModelFiles | null = null;
  #before: ModelBefore = { entry: null, fileName: null, files: null, wasReady: false };

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
    const lastOrFirst = bundled.find(candidate => candidate.id === lastId) ?? bundled[0];
    const wantsVision = this.#startsWithVision;
    this.#hasStarted = true;
    this.#startsWithVision = false;
    if (wantsVision && this.ensureVision() === null) return;
    if (lastOrFirst) await this.load(lastOrFirst);
    void this.#keepForOffline();
  }

  /**
   * Stores the demonstration models of this site once, so that an image can be asked about offline before it was ever
   * asked about online. Who deletes them later does not get them again unasked.
   */
  async #keepForOffline(): Promise<void> {
    const { phase, catalogue } = this.#store.getState();
    if (phase !== 'ready' || this.#settings.current.hasOfflineCopies) return;
    const files = catalogue
      .filter(({ kind }) => kind === 'demonstration')
      .flatMap(({ file, vision }) => [file, vision?.file])
      .filter(file => file !== undefined);
    try {
      for (const file of files) await this.#services.engine.storeModel(file);
    } catch {
      return; // Without room or connection it is tried on the next visit; nothing that was asked for failed.
    }
    await this.#settings.update({ hasOfflineCopies: true });
    void this.refreshStored();
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

  /**
   * Loads `entry` from the site, or from files where the user brings the weights: `visionFile` is one of the two
   * halves of a model that sees images. Settles; never throws.
   */
  load(entry: CatalogueEntry, file?: PickedFile, visionFile?: PickedFile): Promise<void> {
    return this.#load(entry, file ? { file, ...(visionFile ? { visionFile } : {}) } : null, 'from now on');
  }

  async #load(
    entry: CatalogueEntry,
    files: ModelFiles | null,
    holds: 'from now on' | 'this time',
  ): Promise<void> {
    const request = this.#requestFor(entry, files);
    if (!request) return;
    if (this.#loading) this.#loading.abort();
    else {
      // A load that takes the place of another one falls back to what was there before both.
      const { entry: lastEntry, fileName, phase } = this.#store.getState();
      this.#before = { entry: lastEntry, fileName, files: this.#files, wasReady: phase === 'ready' };
    }
    const before = this.#before;
    const loading = new AbortController();
    this.#loading = loading;
    this.#files = files;
    this.#store.setState({
      phase: 'loading',
      entry,
      fileName: files ? namesOf(files) : null,
      progress: null,
      info: null,
      error: null,
      dropped: null,
      tokensPerSecond: null,
    });
    try {
      const info = await this.#services.engine.loadModel({
        ...request,
        signal: loading.signal,
        onProgress: progress => {
          if (this.#loading === loading) this.#store.setState({ progress });
        },
      });
      if (this.#loading !== loading) return;
      this.#store.setState({ phase: 'ready', info, progress: null });
      this.#ui.getState().announce(`${entry.name} is ready`);
      if (!files && holds === 'from now on') void this.#settings.update({ modelId: entry.id });
    } catch (thrown) {
      if (this.#loading !== loading) return;
      const error = toErrorData(thrown);
      const survivor = before.wasReady ? await this.#stillLoaded() : null;
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
      } else if (shown) this.#store.setState({ phase: 'failed', error: shown, progress: null });
      else this.#store.setState({ phase: 'empty', entry: null, fileName: null, progress: null });
    } finally {
      if (this.#loading === loading) this.#loading = null;
    }
    void this.refreshStored();
  }

  /**
   * What loading `entry` would take of the GPU's memory with the settings as they are; null of a model whose files the
   * reader has not chosen yet. Rejects with what is wrong with them.
   */
  async plan(entry: CatalogueEntry, files: ModelFiles | null): Promise<ModelPlan | null> {
    const request = this.#requestFor(entry, files);
    return request ? this.#services.engine.planModel(request) : null;
  }

  #requestFor(entry: CatalogueEntry, files: ModelFiles | null): PlanModelRequest | null {
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
    await this.#load(entry, this.#files, 'this time');
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

  /** Files dropped anywhere: opened at once where only one kind of model can be meant. */
  offerFile(file: PickedFile, visionFile?: PickedFile): void {
    const candidates = this.#store
      .getState()
      .catalogue.filter(({ kind, vision }) => kind === 'bring-your-own' && (!visionFile || vision));
    const [only] = candidates;
    const isClear = candidates.length === 1 && Boolean(only?.vision) === Boolean(visionFile);
    if (only && isClear) void this.load(only, file, visionFile);
    else this.#store.setState({ dropped: { file, ...(visionFile ? { visionFile } : {}) } });
    this.#ui.getState().openDialog({ kind: 'models' });
  }

  /**
   * Sees to it that the loaded model, or the one on its way, sees images: where it does not, the one that comes
   * with the site takes its place, and the page says why. Returns why that cannot be.
   */
  ensureVision(): ErrorData | null {
    const { phase, info, entry, fileName, device } = this.#store.getState();
    if (device.status === 'failed') return device.error;
    if (!this.#hasStarted) {
      this.#startsWithVision = true;
      return null;
    }
    if (phase === 'ready' ? info?.vision : phase === 'loading' && entry?.vision) return null;
    const seeing = this.#bundledVision();
    if (!seeing) return noVisionModel;
    const before = phase === 'ready' || phase === 'loading' ? entry : null;
    const files = this.#files;
    void this.#load(seeing, null, 'this time');
    const reason = before ? `${fileName ?? before.name} does not see images` : 'an image was attached';
    this.#ui.getState().showToast(
      `Loading ${seeing.name}, because ${reason}.`,
      before && {
        label: `Back to ${before.name}`,
        run: () => void this.#load(before, files, 'from now on'),
      },
    );
    return null;
  }

  #bundledVision(): CatalogueEntry | undefined {
    return this.#store
      .getState()
      .catalogue.find(({ kind, vision }) => kind === 'demonstration' && vision?.file);
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

function namesOf({ file, visionFile }: ModelFiles): string {
  return visionFile ? `${nameOf(file)} and ${nameOf(visionFile)}` : nameOf(file);
}
