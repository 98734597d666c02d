import {
  type DeviceWish,
  type ErrorData,
  type LoadModelRequest,
  type ModelInfo,
  type PlanModelRequest,
  type Tempo,
  toErrorData,
} from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';
import type { UiStore } from '../page/ui-store.ts';
import type { SettingsController } from '../settings/settings-controller.ts';
import { seesImages } from './choose-answerer.ts';
import { LossCounter } from './loss-counter.ts';
import type { ModelChoice, ModelFiles } from './model-choice.ts';
import { isSameModel } from './model-identity.ts';
import {
  type DeviceState,
  type LoadPurpose,
  type LoadSettings,
  type MeantModel,
  type ModelState,
  type ModelStore,
  type OnDuty,
  onDuty,
  withoutModel,
} from './model-store.ts';
import { nameOf, sourceOf } from './picked-model.ts';
import { isTooLarge, smallerOptions } from './smaller-options.ts';

/** All that a load changes, as it was: what goes on where the load comes to nothing. */
interface Before extends OnDuty {
  meant: MeantModel | null;
}

export interface LoadManner {
  holds: LoadPurpose;
  phase?: 'loading' | 'recovering';
  /** Where another tab has the device: leave it there, or take it. */
  lock?: 'if free' | 'take';
  /** Find anew which forms of the kernels are fastest. */
  tunes?: boolean;
}

/** `elsewhere`: another tab has the device. `replaced`: another load has taken its place, or it was given up. */
export type LoadEnd = 'ready' | 'elsewhere' | 'replaced' | 'stopped' | 'failed';

/** Brings one model at a time onto the device, if this tab has it. Nothing here throws: what fails is in the store. */
export class ModelLoader {
  readonly losses = new LossCounter();
  readonly #services: Services;
  readonly #store: ModelStore;
  readonly #settings: SettingsController;
  readonly #ui: UiStore;
  #loading: AbortController | null = null;
  #before: Before | null = null;
  /** What the engine was told last. */
  #wish: DeviceWish | null = null;
  #stops = 0;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(services: Services, store: ModelStore, settings: SettingsController, ui: UiStore) {
    this.#services = services;
    this.#store = store;
    this.#settings = settings;
    this.#ui = ui;
  }

  /** How often the reader has stopped a load. */
  get stops(): number {
    return this.#stops;
  }

  load(choice: ModelChoice, manner: LoadManner): Promise<LoadEnd> {
    const ended = this.#load(choice, manner);
    this.#ended = ended;
    return ended;
  }

  async #load(choice: ModelChoice, manner: LoadManner): Promise<LoadEnd> {
    const { entry, files } = choice;
    const { holds, phase = 'loading', lock = 'if free', tunes = false } = manner;
    const request = this.requestFor(choice);
    if (!request) return 'failed';
    const isSecond = this.#loading !== null;
    this.#loading?.abort();
    // A load that takes the place of another one falls back to what was there before both.
    const before = (isSecond && this.#before) || snapshotOf(this.#store.getState());
    this.#before = before;
    const loading = new AbortController();
    this.#loading = loading;
    this.#store.setState({
      ...withoutModel,
      phase,
      entry,
      files,
      fileName: files ? namesOf(files) : null,
      loadedWith: this.settingsFor(request),
      ...meaningOf(choice, holds),
    });
    try {
      if (!(await this.#acquire(lock))) {
        if (this.#loading !== loading) return 'replaced';
        this.#store.setState({ phase: 'elsewhere' });
        return 'elsewhere';
      }
      await this.applyWish();
      const accepts = this.#acceptedOf(choice);
      const isStandard = this.#settings.current.kernelForms === 'defaults';
      const forms = tunes ? { forms: 'anew' as const } : isStandard ? { forms: 'defaults' as const } : {};
      const info = await this.#loadThroughLosses({ ...request, accepts, ...forms }, loading);
      if (this.#loading !== loading) return 'replaced';
      // What was opened may be another device than was found before.
      const device: DeviceState = { status: 'ready', report: info.device };
      this.#store.setState({ phase: 'ready', info, progress: null, device });
      this.#ui.getState().announce(`${entry.name} is ready`);
      if (!files && holds !== 'this time') void this.#settings.update({ modelId: entry.id });
      if (seesImages(choice) && holds === 'from now on') this.#store.setState({ seeing: choice });
      return 'ready';
    } catch (thrown) {
      if (this.#loading !== loading) return 'replaced';
      const error = toErrorData(thrown);
      const survivor = before.phase === 'ready' ? await this.stillLoaded() : null;
      if (this.#loading !== loading) return 'replaced';
      this.#endWithout(choice, holds, before, survivor, error);
      return error.code === 'aborted' ? 'stopped' : 'failed';
    } finally {
      if (this.#loading === loading) this.#loading = null;
    }
  }

  /** A load came to nothing. */
  #endWithout(
    choice: ModelChoice,
    holds: LoadPurpose,
    before: Before,
    survivor: ModelInfo | null,
    error: ErrorData,
  ): void {
    const isStopped = error.code === 'aborted';
    // One that waits to be loaded again has lost nothing by a file that proved unsound; itself it has failed.
    const waits = ['resting', 'elsewhere', 'recovering'].includes(before.phase);
    const isKept = survivor || isStopped || (waits && !isSameModel(choice, onDuty(before)));
    if (!isKept) {
      this.fail(error, holds);
      return;
    }
    const phase = survivor ? 'ready' : phaseWithout(before);
    if (phase !== 'ready') this.#services.engineLock.release();
    const { meant, ...rest } = before;
    this.#store.setState({
      ...rest,
      // What was brought for one question changed nothing of it.
      ...(holds === 'this time' ? {} : { meant }),
      phase,
      info: survivor,
      ...(isStopped ? {} : { error, refused: { ...choice, holds } }),
    });
  }

  /** The model in the store once more. */
  async again(manner: Partial<LoadManner> = {}): Promise<void> {
    const choice = onDuty(this.#store.getState());
    if (choice) await this.load(choice, { holds: 'this time', ...manner });
  }

  /** By the reader: the model before it, if it is still there, goes on. */
  cancel(): void {
    if (!this.#loading) return;
    this.#stops += 1;
    this.#loading.abort();
  }

  /** By the page: as the reader would, and settles when it has ended. */
  async giveUp(): Promise<void> {
    this.#loading?.abort();
    await this.#ended;
  }

  /** Ends a load without a word: whoever calls this says what becomes of the model. */
  abandon(): void {
    const loading = this.#loading;
    this.#loading = null;
    loading?.abort();
  }

  fail(error: ErrorData, holds: LoadPurpose = 'this time'): void {
    const choice = onDuty(this.#store.getState());
    const refused = choice && { ...choice, holds };
    this.#store.setState({ phase: 'failed', info: null, progress: null, error, refused, smaller: [] });
    // Where the device was tried, the error says itself what would fit.
    const isOpen = !error.choices?.length;
    if (isOpen && (isTooLarge(error) || this.losses.areTooMany)) this.offerSmaller();
  }

  offerSmaller(): void {
    const { entry, files, catalogue, info } = this.#store.getState();
    if (!entry) return;
    const failed = { entry, files, contextTokens: info?.contextTokens };
    this.#store.setState({ smaller: smallerOptions(failed, this.#settings.current, catalogue) });
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
  requestFor({
    entry,
    files,
  }: ModelChoice): (PlanModelRequest & Omit<LoadSettings, keyof DeviceWish>) | null {
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

  /** The device that the reader wants computes from now on. A model on another one is gone. */
  async applyWish(): Promise<void> {
    const { wish } = this.#settings;
    const isSame = wish.device === this.#wish?.device && wish.activationBits === this.#wish.activationBits;
    if (isSame) return;
    // biome-ignore lint/correctness/useHookAtTopLevel: a verb of the engine's, no hook
    await this.#services.engine.useDevice(wish);
    this.#wish = wish;
  }

  /** What a load fixes. */
  settingsFor({ precision, contextTokens }: Omit<LoadSettings, keyof DeviceWish>): LoadSettings {
    return { precision, contextTokens, ...this.#settings.wish };
  }

  /** What comes with the site is to be tried, however slow a device is. */
  #acceptedOf({ entry }: ModelChoice): Tempo {
    if (entry.kind === 'demonstration') return 'too-slow';
    return this.#settings.current.acceptedSlow.includes(entry.id) ? 'slow' : 'comfortable';
  }

  async #acquire(lock: LoadManner['lock']): Promise<boolean> {
    const { engineLock } = this.#services;
    if (engineLock.isHeld) return true;
    if (lock !== 'take') return engineLock.tryAcquire();
    await engineLock.takeOver();
    return true;
  }

  /** A device that is lost while a model is loaded is met with one more attempt. */
  async #loadThroughLosses(request: LoadModelRequest, loading: AbortController): Promise<ModelInfo> {
    for (;;) {
      try {
        return await this.#services.engine.loadModel(request, {
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

function snapshotOf({ device: _, catalogue: __, seeing: ___, ...before }: ModelState): Before {
  return { ...before, progress: null };
}

/** What becomes of a model that is not on the device any more: it is loaded again on use. */
function phaseWithout({ phase, entry }: Before): OnDuty['phase'] {
  if (phase === 'failed') return 'failed';
  return entry && phase !== 'empty' ? 'resting' : 'empty';
}

function meaningOf(choice: ModelChoice, holds: LoadPurpose): Partial<Pick<ModelState, 'meant'>> {
  return holds === 'this time' ? {} : { meant: { ...choice, isChosen: holds === 'from now on' } };
}

function namesOf({ file, visionFile }: ModelFiles): string {
  return visionFile ? `${nameOf(file)} and ${nameOf(visionFile)}` : nameOf(file);
}
