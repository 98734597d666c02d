import {
  type CatalogueEntry,
  type ErrorData,
  filesOfEntry,
  type LoadChoice,
  type ModelPlan,
  toErrorData,
} from '../../client/index.ts';
import type { Services } from '../services.ts';
import type { LoadManner, ModelLoader } from './model-loader.ts';
import { isComing, type ModelFiles, type ModelStore } from './model-store.ts';
import type { PickedFile } from './picked-model.ts';
import type { SettingsController } from './settings-controller.ts';
import type { UiStore } from './ui-store.ts';

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

/** Finds the GPU, has the model loaded that is meant, and lets others wait for it. */
export class ModelController {
  readonly #services: Services;
  readonly #store: ModelStore;
  readonly #settings: SettingsController;
  readonly #ui: UiStore;
  readonly #loader: ModelLoader;
  readonly #noteStored: () => void;
  /** The first choice of a model has been made: from then on, an empty phase means that nothing is coming. */
  #hasStarted = false;
  /** An image was attached before there was a choice. */
  #startsWithVision = false;
  /** What was asked for last, also where the model before it went on answering. */
  #asked: { entry: CatalogueEntry; files: ModelFiles | null } | null = null;

  /** `noteStored` is called when something may have been put into the library. */
  constructor(
    services: Services,
    store: ModelStore,
    loader: ModelLoader,
    settings: SettingsController,
    ui: UiStore,
    noteStored: () => void,
  ) {
    this.#services = services;
    this.#store = store;
    this.#settings = settings;
    this.#ui = ui;
    this.#loader = loader;
    this.#noteStored = noteStored;
  }

  /** On opening: the device, the catalogue, then the model used last or the bundled one. */
  async start(): Promise<void> {
    try {
      this.#store.setState({ catalogue: await this.#services.loadCatalogue() });
    } catch (error) {
      this.#store.setState({ phase: 'failed', error: toErrorData(error) });
    }
    await this.probe();
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
    const files = catalogue.filter(({ kind }) => kind === 'demonstration').flatMap(filesOfEntry);
    try {
      for (const file of files) await this.#services.engine.storeModel(file);
    } catch {
      return; // Without room or connection it is tried on the next visit; nothing that was asked for failed.
    }
    await this.#settings.update({ hasOfflineCopies: true });
    this.#noteStored();
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
    this.#loader.losses.reset();
    const files = file ? { file, ...(visionFile ? { visionFile } : {}) } : null;
    return this.#load(entry, files, 'from now on');
  }

  /**
   * What loading `entry` would take of the GPU's memory with the settings as they are; null of a model whose files the
   * reader has not chosen yet. Rejects with what is wrong with them.
   */
  async plan(entry: CatalogueEntry, files: ModelFiles | null): Promise<ModelPlan | null> {
    const request = this.#loader.requestFor(entry, files);
    return request ? this.#services.engine.planModel(request) : null;
  }

  cancel(): void {
    this.#loader.cancel();
  }

  /** The same model once more: after a failure, a lost device or a changed precision. */
  async reload(): Promise<void> {
    const { entry } = this.#store.getState();
    if (!entry) return this.start();
    this.#loader.losses.reset();
    await this.#loader.again();
    this.#noteStored();
  }

  /** The model that found no room, with settings with which it does; they stay. */
  async loadAs({ precision, contextTokens }: LoadChoice): Promise<void> {
    const asked = this.#asked;
    if (!asked) return;
    await this.#settings.update({ precision, contextTokens });
    await this.#load(asked.entry, asked.files, 'from now on');
  }

  async unload(): Promise<void> {
    this.cancel();
    try {
      await this.#services.engine.unloadModel();
      this.#services.engineLock.release();
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
    const isKept = isComing(phase) || phase === 'resting' || phase === 'elsewhere';
    if (phase === 'ready' ? info?.vision : isKept && entry?.vision) return null;
    const seeing = this.#bundledVision();
    if (!seeing) return noVisionModel;
    const before = phase === 'ready' || isKept ? entry : null;
    const { files } = this.#loader;
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
    const { phase } = this.#store.getState();
    this.#store.setState({ error: null, smaller: [], phase: phase === 'failed' ? 'empty' : phase });
  }

  async #load(entry: CatalogueEntry, files: ModelFiles | null, holds: LoadManner['holds']): Promise<void> {
    this.#asked = { entry, files };
    await this.#loader.load(entry, files, { holds });
    this.#noteStored();
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
