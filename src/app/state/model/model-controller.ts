import {
  BedsideError,
  type CatalogueEntry,
  type DeviceSurvey,
  type DeviceWish,
  type ErrorData,
  filesOfEntry,
  type LoadChoice,
  type ModelPlan,
  sentence,
  type TuningUse,
  toErrorData,
} from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';
import type { UiStore } from '../page/ui-store.ts';
import type { SettingsController } from '../settings/settings-controller.ts';
import { chooseAnswerer, type Question, seesImages } from './choose-answerer.ts';
import type { ModelChoice, ModelFiles } from './model-choice.ts';
import { isSameModel } from './model-identity.ts';
import type { LoadEnd, ModelLoader } from './model-loader.ts';
import {
  isComing,
  type LoadPurpose,
  type LoadSettings,
  type ModelState,
  type ModelStore,
  onDuty,
  withoutModel,
} from './model-store.ts';
import type { PickedFile } from './picked-model.ts';

export const noModel: ErrorData = toErrorData(
  new BedsideError(
    'no-model',
    sentence`no-model-loaded: No model is loaded.`,
    'Choose a model, then ask again.',
  ),
);

export const noVisionModel: ErrorData = toErrorData(
  new BedsideError(
    'no-vision-model',
    sentence`model-reads-text-alone: The model that is loaded reads text alone: it cannot see an image.`,
    'Choose a model that sees images, then ask again. The image and the question are kept.',
  ),
);

/** Finds the device that computes, has the model loaded that is meant, and lets others wait for it. */
export class ModelController {
  readonly #services: Services;
  readonly #store: ModelStore;
  readonly #settings: SettingsController;
  readonly #ui: UiStore;
  readonly #loader: ModelLoader;
  readonly #noteStored: () => void;
  /** The first choice of a model has been made: from then on, an empty phase means that nothing is coming. */
  #hasStarted = false;
  /** How often the reader has chosen a model, or none. */
  #choices = 0;
  /** How often another model was wanted: what waits to bring one gives way to what was wanted after it. */
  #wishes = 0;
  /** While a load that is not needed any more comes to its end. */
  #givingUp: Promise<void> | null = null;
  /** What was about to be asked before there was a choice. */
  #awaited: Question = { hasImages: false, followsImages: false };

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

  /** On opening: the device, the catalogue, then the model used last or the bundled one, unless the reader is first. */
  async start(): Promise<void> {
    const choices = this.#choices;
    const isUntouched = () => this.#choices === choices;
    try {
      this.#store.setState({ catalogue: await this.#services.loadCatalogue() });
    } catch (error) {
      if (isUntouched()) this.#store.setState({ phase: 'failed', error: toErrorData(error) });
    }
    await this.probe();
    if (this.#store.getState().device.status !== 'ready') return;
    this.#hasStarted = true;
    if (isUntouched()) await this.#loadFirst();
    void this.#keepForOffline();
  }

  async #loadFirst(): Promise<void> {
    const lastId = this.#settings.current.modelId;
    const here = this.#store.getState().catalogue.filter(({ file }) => file);
    const entry = here.find(({ id }) => id === lastId) ?? here[0];
    const first = entry && { entry, files: null };
    if (first) this.#store.setState({ meant: { ...first, isChosen: false } });
    const { model } = chooseAnswerer(this.#awaited, this.#store.getState());
    if (model && !isSameModel(model, first ?? null)) await this.#announceAndLoad(model, null);
    else if (first) await this.#load(first, 'by default');
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
      await this.#loader.applyWish();
      this.#store.setState({
        device: { status: 'ready', report: await this.#services.engine.probeDevice() },
      });
    } catch (error) {
      this.#store.setState({ device: { status: 'failed', error: toErrorData(error) } });
    }
  }

  /** What there is of each kind of device. Rejects, 'busy' for one, where it cannot be told now. */
  survey(): Promise<DeviceSurvey> {
    return this.#services.engine.surveyDevices();
  }

  /** After a GPU was chosen that is not there. */
  async letProcessorAnswer(): Promise<void> {
    await this.#settings.update({ device: 'auto' });
    await this.reload();
  }

  /** Another device, or the same in another way: from the next load on, and at once where no model would be lost by it. */
  async wishFor(changes: Partial<DeviceWish>): Promise<void> {
    await this.#settings.update(changes);
    const { phase, device } = this.#store.getState();
    if (device.status === 'failed') await this.start();
    else if (phase === 'empty' || phase === 'failed') await this.probe();
  }

  /**
   * Loads `entry` from the site, or from files that the reader opened and that it describes: `visionFile` is one of the two
   * halves of a model that sees images. Settles; never throws.
   */
  load(entry: CatalogueEntry, file?: PickedFile, visionFile?: PickedFile): Promise<void> {
    const files = file ? { file, ...(visionFile ? { visionFile } : {}) } : null;
    return this.choose({ entry, files });
  }

  /** The reader means this model from now on. */
  async choose({ entry, files }: ModelChoice): Promise<void> {
    const choice = { entry, files };
    this.#choices += 1;
    this.#loader.losses.reset();
    if (this.#isLoadedAsSet(choice)) {
      this.#wishes += 1;
      this.#store.setState({
        meant: { ...choice, isChosen: true },
        ...(seesImages(choice) ? { seeing: choice } : {}),
        error: null,
        refused: null,
      });
      if (!files) await this.#settings.update({ modelId: entry.id });
    } else await this.#load(choice, 'from now on');
  }

  #isLoadedAsSet(choice: ModelChoice): boolean {
    const state = this.#store.getState();
    const request = this.#loader.requestFor(choice);
    if (state.phase !== 'ready' || !request || !isSameModel(choice, onDuty(state))) return false;
    const [set, loaded] = [this.#loader.settingsFor(request), state.loadedWith];
    return (Object.keys(set) as (keyof LoadSettings)[]).every(name => set[name] === loaded?.[name]);
  }

  /**
   * What loading `entry` would take of the device's memory with the settings as they are; null of a model whose files the
   * reader has not chosen yet. Rejects with what is wrong with them.
   */
  async plan(entry: CatalogueEntry, files: ModelFiles | null): Promise<ModelPlan | null> {
    const request = this.#loader.requestFor({ entry, files });
    return request ? this.#services.engine.planModel(request) : null;
  }

  cancel(): void {
    this.#loader.cancel();
  }

  /** The same model once more: after a failure, a lost device, a changed precision or another device. */
  async reload(): Promise<void> {
    if (!onDuty(this.#store.getState())) return this.start();
    this.#loader.losses.reset();
    await this.#loader.again();
    this.#noteStored();
  }

  /** Finds anew which forms of the kernels are fastest here, with the model that is loaded, which is loaded again. */
  async tuneAgain(): Promise<void> {
    await this.#settings.update({ kernelForms: 'chosen' });
    await this.#loader.again({ tunes: true });
  }

  /** Which forms of the kernels compute from now on; the model is loaded again. */
  async chooseForms(kernelForms: TuningUse): Promise<void> {
    await this.#settings.update({ kernelForms });
    await this.reload();
  }

  /** What was not timed by now keeps its standard form. */
  async skipTuning(): Promise<void> {
    try {
      await this.#services.engine.skipTuning();
    } catch (error) {
      this.#loader.fail(toErrorData(error));
    }
  }

  /** The model that found no room, with settings with which it does; they stay. */
  async loadAs({ precision, contextTokens }: LoadChoice): Promise<void> {
    const { refused } = this.#store.getState();
    if (!refused) return;
    this.#choices += 1;
    await this.#settings.update({ precision, contextTokens });
    await this.#load(refused, refused.holds);
  }

  /** The model that would answer slowly, which the reader wants all the same: from now on without a question. */
  async acceptSlow(): Promise<void> {
    const { refused } = this.#store.getState();
    if (!refused) return;
    this.#choices += 1;
    await this.#settings.acceptSlow(refused.entry.id);
    await this.#load(refused, refused.holds);
  }

  async unload(): Promise<void> {
    this.#choices += 1;
    this.cancel();
    try {
      await this.#services.engine.unloadModel();
      this.#services.engineLock.release();
      this.#store.setState({ ...withoutModel, meant: null });
    } catch (error) {
      this.#loader.fail(toErrorData(error));
    }
  }

  /**
   * What is about to be asked may need another model than the one on duty, or need it no longer: that one is brought
   * before the question is sent. Returns why that cannot be. What is brought so is not what the reader means.
   */
  prepareFor(question: Question, hasGivenUp = false): ErrorData | null {
    const state = this.#store.getState();
    if (state.device.status === 'failed') return state.device.error;
    if (!this.#hasStarted) {
      this.#awaited = question;
      return null;
    }
    const { model, because } = chooseAnswerer(question, state);
    if (!model) return because === 'images' ? noVisionModel : null;
    if (this.#givingUp) {
      this.#wishes += 1;
      const wish = this.#wishes;
      void this.#givingUp.then(() => wish === this.#wishes && this.prepareFor(question, true));
      return null;
    }
    const { phase } = state;
    const before = phase === 'failed' || phase === 'empty' ? null : onDuty(state);
    // What rests or runs elsewhere takes no memory from the model that is needed again: it waits for the question. But what
    // is not there only because a load was given up, and what an image is to be seen by, does not.
    const isAwaited = hasGivenUp || question.hasImages;
    if (isSameModel(model, before)) {
      if (phase === 'resting' && isAwaited) void this.#loader.again();
    } else if (because === 'images') void this.#announceAndLoad(model, before);
    else if (phase === 'ready' || phase === 'failed' || isComing(phase) || isAwaited)
      void this.#bringBack(model);
    return null;
  }

  async #announceAndLoad(model: ModelChoice, before: ModelChoice | null): Promise<void> {
    const loading = this.#load(model, 'this time');
    const reason = before ? `${before.entry.name} does not see images` : 'an image was attached';
    this.#ui
      .getState()
      .showToast(
        `Loading ${model.entry.name}, because ${reason}.`,
        before && { label: `Back to ${before.entry.name}`, run: () => void this.choose(before) },
      );
    await loading;
  }

  /** The model before the one that is on its way may still be there. */
  async #bringBack(model: ModelChoice): Promise<void> {
    if (!(await this.#giveUpLoad())) return;
    const state = this.#store.getState();
    if (state.phase === 'ready' && isSameModel(model, onDuty(state))) return;
    await this.#load(model, 'this time');
  }

  /** False where another model was wanted before the load had ended. */
  async #giveUpLoad(): Promise<boolean> {
    this.#wishes += 1;
    const wish = this.#wishes;
    const givingUp = this.#loader.giveUp();
    this.#givingUp = givingUp;
    await givingUp;
    if (this.#givingUp === givingUp) this.#givingUp = null;
    return wish === this.#wishes;
  }

  /** Loads the model that a question needs. */
  bring(model: ModelChoice): Promise<LoadEnd> {
    return this.#load(model, 'this time');
  }

  /** How often the reader has stopped a load. */
  get stops(): number {
    return this.#loader.stops;
  }

  dismissError(): void {
    const { phase, smaller } = this.#store.getState();
    const hasFailed = phase === 'failed';
    this.#store.setState({
      error: null,
      refused: null,
      // Of a model that goes on, less memory is offered for its own sake, not for that of a file that was refused.
      smaller: hasFailed ? [] : smaller,
      phase: hasFailed ? 'empty' : phase,
    });
  }

  async #load({ entry, files }: ModelChoice, holds: LoadPurpose): Promise<LoadEnd> {
    this.#wishes += 1;
    const choice = { entry, files };
    const end = await this.#loader.load(choice, { holds });
    this.#noteStored();
    return end;
  }

  /** Settles when it is known whether there will be a model: at the latest when the device has been found or not. */
  whenStarted(signal: AbortSignal): Promise<void> {
    return this.#whenState(
      ({ phase, device }) =>
        this.#hasStarted || device.status === 'failed' || !['empty', 'failed'].includes(phase),
      signal,
    );
  }

  /** Settles when nothing is on its way any more, with or without a model, or `signal` aborts. */
  whenSettled(signal: AbortSignal): Promise<void> {
    return this.#whenState(({ phase }) => !isComing(phase) && phase !== 'elsewhere', signal);
  }

  #whenState(isReached: (state: ModelState) => boolean, signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const settle = () => {
        if (!signal.aborted && !isReached(this.#store.getState())) return;
        unsubscribe();
        signal.removeEventListener('abort', settle);
        resolve();
      };
      const unsubscribe = this.#store.subscribe(settle);
      signal.addEventListener('abort', settle);
      settle();
    });
  }
}
